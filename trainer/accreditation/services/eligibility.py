"""Who is eligible: the one place that page, command and batch ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from trainer.accreditation import queries
from trainer.accreditation.documents import name_problem
from trainer.accreditation.queries import CandidateRow
from trainer.accreditation.rules.attestation import (
    CHANGED,
    Attended,
    attended_minutes,
    attestation,
    needless,
)
from trainer.accreditation.rules.eligibility import Eligibility, Standing, decide, rests_on
from trainer.accreditation.rules.statuses import standing_of
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import CertificateWording, Programme
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
    attended: Attended | None = None  # where attendance is attested

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
    """The kinds of certificate of the course's programme: what its gates lead to, in their order, then
    the attestations of attendance."""
    return list(programme_of(course.programme_version_id).kinds)


def require_kind(course: Course, kind: str) -> None:
    """Raises Invalid, naming the kinds that there are, unless `kind` is one of the course's programme."""
    if kind not in kinds(course):
        raise Invalid(
            msg(
                "This programme leads to no certificate “%(kind)s”. There are: %(kinds)s.",
                kind=kind,
                kinds=", ".join(kinds(course)) or "–",
            )
        )


def eligible(
    course: Course, kind: str = KIND, enrolment_ids: Collection[int] | None = None
) -> list[Candidate]:
    """Everybody on the course (or those named) with the decision about `kind`, by name.

    A fixed number of statements for any number of people. Raises Invalid for an unknown kind.
    """
    require_kind(course, kind)
    programme = programme_of(course.programme_version_id)
    wording = programme.certificates.get(kind)
    if wording is not None and wording.attests_attendance:
        return _attesting(course, programme, wording, enrolment_ids)
    gate = programme.gate_issuing(kind)
    assert gate is not None
    rows = queries.candidates(course.id, kind, enrolment_ids)
    found = standings(course, [row.enrolment_id for row in rows])
    candidates = []
    for row in rows:
        gates = rests_on(gate.name, found[row.enrolment_id])
        decision = decide(
            gates,
            proposal=row.proposal_status,
            certificate=_standing(row, clock.today(course.timezone)),
            name_problem=name_problem(row.certificate_name),
        )
        candidates.append(Candidate(row, decision, gates))
    return candidates


# Who has one of these with the certificate that an attestation stands back behind needs no attestation.
_BETTER = frozenset({Standing.NAME, Standing.ELIGIBLE, Standing.PROPOSED, Standing.APPROVED, Standing.ISSUED})


def _attesting(
    course: Course,
    programme: Programme,
    wording: CertificateWording,
    enrolment_ids: Collection[int] | None,
) -> list[Candidate]:
    """Everybody (or those named) with the decision whether their attendance can be attested."""
    rows = queries.candidates(course.id, wording.kind, enrolment_ids)
    better = eligible(course, wording.unless, enrolment_ids) if wording.unless else []
    standing = {one.enrolment_id: one.standing for one in better}
    title = programme.certificates[wording.unless].title if wording.unless else {}
    attended = queries.attended(course, {row.enrolment_id: row.enrolment_status for row in rows})
    frozen = queries.evidence_of([row.proposal_id for row in rows if row.proposal_id is not None])
    candidates = []
    for row in rows:
        facts = attended[row.enrolment_id]
        gate = attestation(wording, facts)
        instead = standing.get(row.enrolment_id)
        written = frozen.get(row.proposal_id or 0)
        decision = decide(
            (gate,),
            proposal=row.proposal_status,
            certificate=_standing(row, clock.today(course.timezone)),
            name_problem=name_problem(row.certificate_name),
            needless=needless(title, there=instead is Standing.ISSUED) if instead in _BETTER else None,
            outdated=CHANGED
            if written is not None and attended_minutes(written) != facts.attended_minutes
            else None,
        )
        candidates.append(Candidate(row, decision, (gate,), facts))
    return candidates


def _standing(row: CandidateRow, today: date) -> str | None:
    """The status of the person's certificate as it holds today."""
    if row.certificate_status is None:
        return None
    return standing_of(row.certificate_status, row.reinstated_from, today)


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
