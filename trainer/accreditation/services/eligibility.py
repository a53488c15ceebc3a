"""Who is eligible: the one place that page, command and batch ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from trainer.accreditation import queries
from trainer.accreditation.documents import name_problem
from trainer.accreditation.queries import CandidateRow
from trainer.accreditation.rules.eligibility import Eligibility, Standing, decide, rests_on
from trainer.cohorts.models import Course
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import GateSpec
from trainer.gates.queries import standings
from trainer.gates.rules import GateResult

KIND = "accreditation"  # the certificate of a course unless another is named


@dataclass(frozen=True)
class Candidate:
    """One person of a course with the decision about one kind of certificate, and the gates that it
    rests on."""

    row: CandidateRow
    eligibility: Eligibility
    gates: tuple[GateResult, ...]

    @property
    def enrolment_id(self) -> int:
        return self.row.enrolment_id

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def email(self) -> str:
        return self.row.email or ""

    @property
    def standing(self) -> Standing:
        return self.eligibility.standing

    @property
    def reasons(self) -> tuple[Text, ...]:
        return self.eligibility.reasons


@dataclass(frozen=True)
class Batch:
    """What came of a step for several people: `done` now, `already` before, and `refused` with their
    reasons."""

    done: tuple[Candidate, ...] = ()
    already: tuple[Candidate, ...] = ()
    refused: tuple[Candidate, ...] = ()


def kinds(course: Course) -> list[str]:
    """The kinds of certificate that the course's programme leads to, in its order."""
    gates = programme_of(course.programme_version_id).gates.values()
    return [gate.issues for gate in gates if gate.issues]


def issuing_gate(course: Course, kind: str) -> GateSpec:
    """The gate that issues `kind`. Raises Invalid, naming the kinds that there are."""
    gate = programme_of(course.programme_version_id).gate_issuing(kind)
    if gate is None:
        raise Invalid(
            msg(
                "This programme leads to no certificate “%(kind)s”. There are: %(kinds)s.",
                kind=kind,
                kinds=", ".join(kinds(course)) or "–",
            )
        )
    return gate


def eligible(
    course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> list[Candidate]:
    """Everybody on the course (or those named) with the decision about `kind`, by name.

    A fixed number of statements for any number of people. Raises Invalid for an unknown kind.
    """
    gate = issuing_gate(course, kind)
    rows = queries.candidates(course.id, kind, enrolment_ids)
    found = standings(course, [row.enrolment_id for row in rows])
    candidates = []
    for row in rows:
        gates = rests_on(gate.name, found[row.enrolment_id])
        decision = decide(
            gates,
            proposal=row.proposal_status,
            certificate=row.certificate_status,
            name_problem=name_problem(row.certificate_name),
        )
        candidates.append(Candidate(row, decision, gates))
    return candidates


def enrolments_named(course: Course, emails: Collection[str]) -> list[int] | None:
    """The enrolments behind addresses; None for no addresses, which stands for everybody.

    Raises Invalid, naming every address that is not on the course.
    """
    if not emails:
        return None
    found = queries.enrolments_by_email(course.id, list(emails))
    missing = [email for email in emails if email.strip().lower() not in found]
    if missing:
        raise Invalid(
            msg("Not everybody named is on this course."),
            [msg("%(email)s is not on this course.", email=email) for email in missing],
        )
    return list(found.values())


def require(allowed: bool, text: Text) -> None:
    """Raises Refused with `text` unless allowed."""
    if not allowed:
        raise Refused(text)
