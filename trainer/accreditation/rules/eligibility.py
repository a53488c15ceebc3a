"""Who can be proposed for a certificate, and why not yet: the one decision behind page, command and batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trainer.accreditation.rules.evidence import evidence_hash
from trainer.accreditation.rules.statuses import ProposalStatus
from trainer.core.text import Text, msg
from trainer.curriculum.rules import Programme
from trainer.gates.rules import PASSING, GateResult, Requirement, Status, Waiver


class Standing(StrEnum):
    """Where one person stands with one kind of certificate."""

    NOT_YET = "not_yet"
    UNREACHABLE = "unreachable"
    NAME = "name"  # everything is there but a name that can be printed
    ELIGIBLE = "eligible"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ISSUED = "issued"


@dataclass(frozen=True)
class Eligibility:
    """The decision and its words. `waived`: it rests on a waiver, which whoever approves has to see."""

    standing: Standing
    reasons: tuple[Text, ...] = ()
    waived: bool = False

    @property
    def can_propose(self) -> bool:
        return self.standing is Standing.ELIGIBLE


def decide(
    gate: GateResult,
    *,
    proposal: str | None = None,
    issued: bool = False,
    name_problem: Text | None = None,
) -> Eligibility:
    """Eligibility from the gate that issues the kind, the open proposal's status and a standing certificate.

    What was issued stays issued, and what was proposed stays proposed, whatever the gate says now: later
    corrections flag a certificate for review and never undo it silently (domain page, Accreditation 4).
    """
    waived = gate.status is Status.WAIVED or bool(gate.waivers)
    if issued:
        return Eligibility(Standing.ISSUED, waived=waived)
    if proposal in {ProposalStatus.PROPOSED, ProposalStatus.APPROVED}:
        return Eligibility(Standing(str(proposal)), _missing(gate), waived)
    if gate.status not in PASSING:
        standing = Standing.UNREACHABLE if gate.status is Status.UNREACHABLE else Standing.NOT_YET
        return Eligibility(standing, _missing(gate))
    if name_problem is not None:
        return Eligibility(Standing.NAME, (name_problem,), waived)
    return Eligibility(Standing.ELIGIBLE, (gate.explanation,) if gate.explanation else (), waived)


def _missing(gate: GateResult) -> tuple[Text, ...]:
    """What is not there, each in its own words."""
    if gate.passed:
        return ()
    said = tuple(one.explanation for one in gate.requirements if one.status not in PASSING)
    return said or ((gate.explanation,) if gate.explanation else (msg("Not everything is there yet."),))


@dataclass(frozen=True)
class Pack:
    """A frozen evidence pack and its hash."""

    document: dict[str, Any]
    hash: str


def evidence_pack(
    *,
    kind: str,
    course_code: str,
    enrolment_id: int,
    programme: Programme,
    gate: GateResult,
    at: str,
    words: Any,
) -> Pack:
    """What a proposal rests on, as plain values: the programme by its hash, the rules of the gate as they
    read, the facts and decisions with their words, and the waivers with who granted them, when and why.

    It names the enrolment, not the person: a name corrected later changes no evidence, and an erased person
    leaves none behind. `at` is the moment (ISO 8601, UTC); `words` turns a Text into {language: words}.
    """
    spec = programme.gates[gate.name]
    document: dict[str, Any] = {
        "format": 1,
        "kind": kind,
        "at": at,
        "course": course_code,
        "enrolment": enrolment_id,
        "programme": {"code": programme.code, "version": programme.version, "hash": programme.hash},
        "gate": {"name": gate.name, "status": str(gate.status), "title": dict(gate.title)},
        "rules": [_plain(rule) for rule in spec.requirements],
        "decisions": [_decision(one, words) for one in gate.requirements],
        "explanation": words(gate.explanation) if gate.explanation else {},
        "waivers": [_waiver(one) for one in gate.waivers],
    }
    return Pack(document, evidence_hash(document))


def _decision(requirement: Requirement, words: Any) -> dict[str, Any]:
    return {
        "kind": requirement.kind,
        "key": requirement.key,
        "status": str(requirement.status),
        "have": requirement.have,
        "need": requirement.need,
        "words": words(requirement.explanation),
    }


def _waiver(waiver: Waiver) -> dict[str, Any]:
    return {
        "id": waiver.id,
        "gate": waiver.gate,
        "requirement": waiver.requirement,
        "granted_by": waiver.granted_by,
        "granted_on": waiver.granted_on.isoformat(),
        "until": waiver.until.isoformat() if waiver.until else None,
        "reason": waiver.reason,
    }


def _plain(value: Any) -> Any:
    """Rules come from YAML, where a number may be fractional: those are kept as their digits."""
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [_plain(inner) for inner in value]
    return str(value) if isinstance(value, float) else value
