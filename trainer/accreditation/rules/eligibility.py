"""Who can be proposed for a certificate, and why not yet: the one decision behind page, command and batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trainer.accreditation.rules.evidence import evidence_hash
from trainer.accreditation.rules.statuses import OPEN, CertificateStatus
from trainer.core.text import Text, msg
from trainer.curriculum.rules import Programme
from trainer.gates.rules import GATE_KIND, PASSING, GateResult, Requirement, Status, Waiver

_REVOKED = msg("The certificate was revoked. The university can reinstate it and issue it anew.")


class Standing(StrEnum):
    """Where one person stands with one kind of certificate."""

    NOT_YET = "not_yet"
    UNREACHABLE = "unreachable"
    NAME = "name"  # everything is there but a name that can be printed
    ELIGIBLE = "eligible"
    PROPOSED = "proposed"
    APPROVED = "approved"
    ISSUED = "issued"
    NEEDLESS = "needless"  # an attestation beside the certificate that the person has, or can have
    REVOKED = (
        "revoked"  # what was revoked is reinstated, and reissued if need be, never proposed again beside it
    )


@dataclass(frozen=True)
class Eligibility:
    """The decision and its words: why not yet, or what stands against a proposal since it was made.

    `waived`: it rests on a waiver, which whoever approves has to see.
    """

    standing: Standing
    reasons: tuple[Text, ...] = ()
    waived: bool = False

    @property
    def can_propose(self) -> bool:
        return self.standing is Standing.ELIGIBLE

    @property
    def can_approve(self) -> bool:
        return self.standing is Standing.PROPOSED and not self.reasons

    @property
    def can_issue(self) -> bool:
        return self.standing is Standing.APPROVED and not self.reasons


def rests_on(name: str, standings: Mapping[str, GateResult]) -> tuple[GateResult, ...]:
    """The gate called `name` and every gate that it asks for, itself first, each once."""
    found: dict[str, GateResult] = {}
    waiting = [name]
    while waiting:
        gate = standings[waiting.pop(0)]
        if gate.name in found:
            continue
        found[gate.name] = gate
        for one in gate.requirements:
            if one.kind == GATE_KIND:
                waiting += [str(other) for other in one.evidence]
    return tuple(found.values())


def decide(
    gates: Sequence[GateResult],
    *,
    proposal: str | None = None,
    certificate: str | None = None,
    name_problem: Text | None = None,
    needless: Text | None = None,
    outdated: Text | None = None,
) -> Eligibility:
    """Eligibility from the gate that issues the kind (first of `gates`, followed by those that it rests
    on), the open proposal's status and a standing certificate.

    `needless`: why an attestation is not needed. `outdated`: what makes a proposal's frozen figures wrong.

    What was issued stays issued, and what was proposed stays proposed, whatever the gate says now: later
    corrections flag a certificate for review and never undo it silently (domain page, Accreditation 4).
    """
    gate = gates[0]
    waived = any(one.status is Status.WAIVED or one.waivers for one in gates)
    against = _missing(gate) + tuple(one for one in (needless, outdated, name_problem) if one)
    if certificate == CertificateStatus.REVOKED:
        return Eligibility(Standing.REVOKED, (_REVOKED,), waived)
    if certificate is not None:
        return Eligibility(Standing.ISSUED, waived=waived)
    if proposal in OPEN:
        return Eligibility(Standing(str(proposal)), against, waived)
    if needless is not None:
        return Eligibility(Standing.NEEDLESS, (needless,))
    if gate.status not in PASSING:
        standing = Standing.UNREACHABLE if gate.status is Status.UNREACHABLE else Standing.NOT_YET
        return Eligibility(standing, _missing(gate))
    if name_problem is not None:
        return Eligibility(Standing.NAME, against, waived)
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
    gates: Sequence[GateResult],
    at: str,
    words: Any,
    attendance: Mapping[str, int] | None = None,
) -> Pack:
    """What a proposal rests on, as plain values: the programme by its hash, the rules of the gate as they
    read, the facts and decisions with their words, and the waivers with who granted them, when and why.

    It names the enrolment, not the person: a name corrected later changes no evidence, and an erased person
    leaves none behind. `attendance`: what is attested, where attendance is. `at` is the moment (ISO 8601,
    UTC); `words` turns a Text into {language: words}.
    """
    document: dict[str, Any] = {
        "format": 1,
        "kind": kind,
        "at": at,
        "course": course_code,
        "enrolment": enrolment_id,
        "programme": {"code": programme.code, "version": programme.version, "hash": programme.hash},
        "gates": [
            {
                "name": gate.name,
                "title": dict(gate.title),
                "status": str(gate.status),
                "rules": _rules(programme, gate.name),
                "decisions": [_decision(one, words) for one in gate.requirements],
                "words": words(gate.explanation) if gate.explanation else {},
            }
            for gate in gates
        ],
        "waivers": [_waiver(one) for gate in gates for one in gate.waivers],
    }
    if attendance is not None:
        document["attendance"] = dict(attendance)
    return Pack(document, evidence_hash(document))


def _rules(programme: Programme, name: str) -> list[Any]:
    """The rules of a gate as they read; of an attestation, which has none, what it attests and unless."""
    if name in programme.gates:
        return [_plain(rule) for rule in programme.gates[name].requirements]
    wording = programme.certificates[name]
    return [{"attests": wording.attests, "unless": wording.unless}]


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
