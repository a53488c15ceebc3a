"""The gate engine: requirements, waivers and gates, decided and explained. Pure.

Each requirement kind has an evaluator, registered by the application factory; the kind `gate` (another gate
of the same programme) is the engine's own. Source: docs/domain.md, "Words" and "Placement" 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from trainer.core.text import Text, msg

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme

GATE_KIND = "gate"


class Status(StrEnum):
    MET = "met"
    NOT_YET = "not_yet"
    UNREACHABLE = "unreachable"
    WAIVED = "waived"


PASSING = frozenset({Status.MET, Status.WAIVED})


@dataclass(frozen=True, slots=True)
class Waiver:
    """A recorded decision to open a gate, or drop one requirement of it, for one person."""

    gate: str
    requirement: str | None  # the requirement's key; None waives the whole gate
    reason: str
    granted_by: str
    granted_on: date
    until: date | None = None  # last day on which it holds
    id: int = 0

    def holds(self, today: date) -> bool:
        return self.until is None or today <= self.until


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule of a gate, evaluated. `have` and `need` are plain numbers in the rule's own unit."""

    kind: str
    status: Status
    have: str
    need: str
    explanation: Text
    next_step: Text | None = None
    key: str = ""
    evidence: tuple[Any, ...] = ()
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class GateResult:
    name: str
    status: Status
    requirements: tuple[Requirement, ...]
    opens: str | None = None
    issues: str | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    explanation: Text | None = None
    waiver: Waiver | None = None  # of the whole gate, where it was needed

    @property
    def passed(self) -> bool:
        return self.status in PASSING

    @property
    def next_step(self) -> Text | None:
        """The first thing still to do, or None once the gate is passed."""
        if self.passed:
            return None
        return next((r.next_step for r in self.requirements if r.status not in PASSING and r.next_step), None)

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers that this result rests on."""
        own = (self.waiver,) if self.waiver else ()
        return own + tuple(r.waiver for r in self.requirements if r.waiver)


class Evaluator(Protocol):
    """Turns one kind of requirement into a decision."""

    kind: str
    sources: tuple[str, ...]

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide one requirement of the programme from one person's facts, by source; None where there are none. Pure.

        A requirement that is not met says what would change it (`next_step`).
        """
        ...


Source = Callable[[int, Sequence[int], datetime | None], Mapping[int, Any]]
"""Facts per enrolment: `(course_id, enrolment_ids, as_of)`, in a number of SELECTs that does not depend on how many people
there are. With `as_of`, what was on record at that moment: facts are appended, so every decision can be replayed."""


class Registry:
    """The evaluators that an application has, by kind, and where their facts come from."""

    def __init__(
        self, evaluators: Iterable[Evaluator] = (), sources: Mapping[str, Source] | None = None
    ) -> None:
        self._evaluators: dict[str, Evaluator] = {}
        self._sources: dict[str, Source] = dict(sources or {})
        for evaluator in evaluators:
            self.register(evaluator)

    def register(self, evaluator: Evaluator) -> None:
        """Raises ValueError when the kind is taken or is the engine's own."""
        if evaluator.kind == GATE_KIND or evaluator.kind in self._evaluators:
            raise ValueError(f"requirement kind {evaluator.kind} is taken")
        self._evaluators[evaluator.kind] = evaluator

    def get(self, kind: str) -> Evaluator:
        """Raises LookupError for a kind that nobody evaluates: better than a gate that opens by accident."""
        try:
            return self._evaluators[kind]
        except KeyError:
            raise LookupError(f"no evaluator for requirements of kind {kind}") from None

    def source(self, name: str) -> Source:
        """Raises LookupError for facts that nobody loads."""
        try:
            return self._sources[name]
        except KeyError:
            raise LookupError(f"no facts called {name}") from None

    def sources_for(self, programme: Programme) -> tuple[str, ...]:
        """The names of the facts that the programme's gates are decided on."""
        kinds = {rule["kind"] for gate in programme.gates.values() for rule in gate.requirements}
        return tuple(sorted({name for kind in kinds - {GATE_KIND} for name in self.get(kind).sources}))

    def __iter__(self) -> Iterator[Evaluator]:
        return iter(self._evaluators.values())

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self._evaluators) | {GATE_KIND}


def requirement_keys(requirements: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """A key per requirement, unique in its gate and stable in order: what a waiver names.

    The rule's own `key` where it has one; else the kind, with the gate's name for kind `gate`, and a number
    where a gate has two of a kind.
    """
    keys: list[str] = []
    for rule in requirements:
        name = str(rule.get("key") or rule["kind"])
        if rule["kind"] == GATE_KIND and not rule.get("key"):
            name = f"{GATE_KIND}:{rule['gate']}"
        number, key = 2, name
        while key in keys:
            key, number = f"{name}-{number}", number + 1
        keys.append(key)
    return tuple(keys)


def gate_order(gates: Mapping[str, Any]) -> tuple[str, ...]:
    """The gates' names so that each comes after those it depends on.

    Raises ValueError when a gate names one that does not exist, or gates wait for each other.
    """
    order: list[str] = []
    visiting: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name not in gates:
            raise ValueError(f"gate {visiting[-1]} asks for {name}, which does not exist")
        if name in visiting:
            raise ValueError("gates wait for each other: " + " -> ".join([*visiting, name]))
        visiting.append(name)
        for rule in gates[name].requirements:
            if rule["kind"] == GATE_KIND:
                visit(rule["gate"])
        visiting.pop()
        order.append(name)

    for name in gates:
        visit(name)
    return tuple(order)


def combine(statuses: Iterable[Status]) -> Status:
    """A gate's status from its requirements': all met or waived passes it (waived if any waiver was needed);
    one that is out of reach puts the gate out of reach; else not yet."""
    found = set(statuses)
    if found <= PASSING:
        return Status.WAIVED if Status.WAIVED in found else Status.MET
    return Status.UNREACHABLE if Status.UNREACHABLE in found else Status.NOT_YET


def evaluate_gates(
    programme: Programme,
    facts: Mapping[str, Any],
    registry: Registry,
    waivers: Sequence[Waiver] = (),
    *,
    today: date,
) -> dict[str, GateResult]:
    """Every gate of the programme for one person, in the programme's order.

    `facts` holds that person's facts by source. A waiver that is not needed changes nothing: what
    was earned shows as met. Raises LookupError for an unknown kind, ValueError for gates in a circle.
    """
    live = [waiver for waiver in waivers if waiver.holds(today)]
    results: dict[str, GateResult] = {}
    for name in gate_order(programme.gates):
        results[name] = _gate(
            programme, name, facts, registry, [w for w in live if w.gate == name], results, today
        )
    return {name: results[name] for name in programme.gates}


def _gate(
    programme: Programme,
    name: str,
    facts: Mapping[str, Any],
    registry: Registry,
    waivers: Sequence[Waiver],
    done: Mapping[str, GateResult],
    today: date,
) -> GateResult:
    spec = programme.gates[name]
    requirements = []
    for key, rule in zip(requirement_keys(spec.requirements), spec.requirements, strict=True):
        if rule["kind"] == GATE_KIND:
            decided = _other_gate(done[rule["gate"]])
        else:
            decided = registry.get(rule["kind"]).evaluate(rule, facts, programme, today)
        waiver = next((w for w in waivers if w.requirement == key), None)
        requirements.append(_waived(replace(decided, key=key), waiver))
    status = combine(r.status for r in requirements)
    whole = next((w for w in waivers if w.requirement is None), None)
    if whole is not None and status not in PASSING:
        status = Status.WAIVED
    else:
        whole = None
    return GateResult(
        name=name,
        status=status,
        requirements=tuple(requirements),
        opens=spec.opens,
        issues=spec.issues,
        title=spec.title,
        explanation=_explain(status, requirements, whole),
        waiver=whole,
    )


def _waived(requirement: Requirement, waiver: Waiver | None) -> Requirement:
    if waiver is None or requirement.status is Status.MET:
        return requirement
    said = waiver_text(waiver)
    return replace(requirement, status=Status.WAIVED, explanation=said, next_step=None, waiver=waiver)


def waiver_text(waiver: Waiver) -> Text:
    """Who waived, when and why, in words."""
    return msg(
        "Waived by %(name)s on %(day)s: %(reason)s",
        name=waiver.granted_by,
        day=waiver.granted_on,
        reason=waiver.reason,
    )


def _other_gate(gate: GateResult) -> Requirement:
    """The requirement that another gate is passed. `have` and `need` count gates."""
    title: Any = dict(gate.title) or gate.name  # a mapping is said in the reader's language where it is shown
    if gate.status is Status.MET:
        explanation = msg("“%(gate)s” is passed.", gate=title)
    elif gate.status is Status.WAIVED:
        explanation = msg("“%(gate)s” is passed, by a waiver.", gate=title)
    elif gate.status is Status.UNREACHABLE:
        explanation = msg("“%(gate)s” comes first, and is out of reach as things stand.", gate=title)
    else:
        explanation = msg("“%(gate)s” comes first.", gate=title)
    if gate.passed:
        return Requirement(GATE_KIND, Status.MET, "1", "1", explanation, evidence=(gate.name,))
    return Requirement(GATE_KIND, gate.status, "0", "1", explanation, gate.next_step, evidence=(gate.name,))


def _explain(status: Status, requirements: Sequence[Requirement], whole: Waiver | None) -> Text:
    if whole is not None:
        return waiver_text(whole)
    if status is Status.MET:
        return msg("Everything that is asked for is there.")
    if status is Status.WAIVED:
        return msg("Passed; part of what is asked for was waived.")
    first = next(r for r in requirements if r.status is status or r.status not in PASSING)
    return first.explanation
