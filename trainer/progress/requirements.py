"""The requirement kind `order`: modules, placements, tests, parts of a portfolio and decisions, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from trainer.attendance.queries import Inputs
from trainer.attendance.rules import AttendanceRule
from trainer.attendance.rules.lines import Line, LineState
from trainer.core.text import msg
from trainer.curriculum.rules import Programme
from trainer.dossier.rules import (
    Entry,
    State,
    Thing,
    asked_share,
    decision_standing,
    of_thing,
    score_standing,
)
from trainer.dossier.rules.scores import share
from trainer.gates.rules import Requirement
from trainer.placement.rules import Facts, asked_of, days_of
from trainer.progress.rules.order import Run, Step, explain_order, in_order, step_order


class OrderEvaluator:
    """Rule: `steps`, each naming a module, a placement by number, a test, a part of the portfolio or a decision.

    `have` and `need` count steps; `evidence` holds the InOrder. Out of reach as things stand once a step was begun before the
    one in front of it was done; it comes back within reach when the step is done again.
    """

    kind = "order"
    sources: tuple[str, ...] = ("attendance", "dossier", "placement")

    def evaluate(
        self, rule: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme, today: date
    ) -> Requirement:
        """Decide one order. Pure."""
        found = in_order([_step(dict(one), facts, programme) for one in rule["steps"]], today)
        return Requirement(
            kind=self.kind,
            status=found.status,
            have=str(found.done),
            need=str(len(found.steps)),
            explanation=explain_order(found),
            next_step=step_order(found),
            evidence=(found,),
        )


def _step(one: Mapping[str, Any], facts: Mapping[str, Any], programme: Programme) -> Step:
    """One step with every time it was done."""
    (kind, what), *_rest = one.items()
    entries: Sequence[Entry] = facts.get("dossier") or ()
    if kind == "module":
        known: Inputs = facts.get("attendance") or Inputs()
        lines = known.weigh(AttendanceRule.from_document(programme.attendance)).lines
        runs = _module_runs([line for line in lines if line.session.module_code == what])
        return Step(kind, what, dict(programme.module(what).title), runs)
    if kind == "placement":
        return Step(
            kind,
            str(what),
            msg("Placement %(number)s", number=str(what)),
            _placement_runs(facts.get("placement") or Facts(), int(what), programme),
        )
    if kind == "test":
        spec = next(test for test in programme.tests if test.code == what)
        return Step(kind, what, dict(spec.title), _test_runs(entries, what, programme))
    if kind == "portfolio":
        part = next(part for part in programme.portfolio if part.code == what)
        return Step(kind, what, dict(part.title), _portfolio_runs(entries, what))
    if kind == "decision":
        asked = next(one for one in programme.decisions if one.code == what)
        return Step(kind, what, dict(asked.title), _decision_runs(entries, what))
    raise ValueError(f"no step of an order is a {kind}")


def _module_runs(lines: Sequence[Line]) -> tuple[Run, ...]:
    """A module is begun with its first session that the person was at (or made up), and done with the last, once none of its
    sessions is to come. What was made up counts on the day of the session that was missed."""
    there = [line.session.on for line in lines if line.attended > 0 or line.made_up > 0]
    unmarked = [line.session.on for line in lines if line.state is LineState.UNMARKED]
    if not there and not unmarked:
        return ()
    days = [*there, *unmarked]
    to_come = any(line.state is LineState.PLANNED and not line.made_up for line in lines)
    return (
        Run(
            begun=min(there or unmarked),
            done=None if to_come else max(days),
            unclear=bool(unmarked) and not to_come,
            tentative=not there,
        ),
    )


def _placement_runs(known: Facts, number: int, programme: Programme) -> tuple[Run, ...]:
    """The placement of that number by first day: done once the hours that the programme asks of it (the fewest of its gates)
    are signed off; where it asks for none, once it is closed."""
    spans = sorted(known.spans, key=lambda span: (span.starts_on, span.id))[number - 1 : number]
    asked = [
        asked_of(rule, programme)
        for gate in programme.gates.values()
        for rule in gate.requirements
        if rule["kind"] == "placement_hours" and rule.get("placement") == number
    ]
    least = min(asked, key=lambda one: one.need, default=None)
    runs = []
    for span in spans:
        begun, done, waiting = days_of(span, least.need if least else None, least.kinds if least else ())
        if begun is not None:
            runs.append(Run(begun, done, waiting))
    return tuple(runs)


def _test_runs(entries: Sequence[Entry], code: str, programme: Programme) -> tuple[Run, ...]:
    """Every time it was passed, by the least that any gate asks for; one that was not passed is no part done."""
    asked = asked_share(programme, code)
    return tuple(
        Run(one.on, one.on)
        for one in score_standing(entries, code, None).results
        if asked is None or share(one) >= asked
    )


def _portfolio_runs(entries: Sequence[Entry], code: str) -> tuple[Run, ...]:
    """From the day it was handed in to the day it was accepted; what was given back is no part done."""
    runs: list[Run] = []
    begun: date | None = None
    for entry in of_thing(entries, Thing.PORTFOLIO, code):
        if entry.state == State.HANDED_IN:
            begun = entry.on
        elif entry.state == State.ACCEPTED:
            runs.append(Run(min(begun or entry.on, entry.on), entry.on))
            begun = None
        elif entry.state == State.RETURNED:
            if begun is None and runs:
                runs.pop()
            begun = None
    if begun is not None:
        runs.append(Run(begun))
    return tuple(runs)


def _decision_runs(entries: Sequence[Entry], code: str) -> tuple[Run, ...]:
    """Each yes since the last time that it was not yet."""
    runs: list[Run] = []
    for answer in decision_standing(entries, code).answers:
        if answer.state == State.YES:
            runs.append(Run(answer.on, answer.on))
        else:
            runs.clear()
    return tuple(runs)
