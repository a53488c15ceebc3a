"""What the pages of joining are given: rows and things with what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.joining.models import (
    Candidate,
    CandidateReference,
    InfoSession,
    Opening,
)
from trainer.joining.rules import Waiting, wants_answer


@dataclass(frozen=True)
class Case:
    """A candidate with the course; what pages about one candidate are given."""

    course: Course
    opening: Opening | None
    candidate: Candidate


@dataclass(frozen=True)
class Meeting:
    """An information session with its course, for pages about one."""

    course: Course
    info: InfoSession


@dataclass(frozen=True)
class OpenCourse:
    """A course with its opening."""

    course: Course
    opening: Opening


@dataclass(frozen=True)
class Asked:
    """A reference that was asked, with whom it is about."""

    course: Course
    candidate: Candidate
    reference: CandidateReference


@dataclass(frozen=True)
class CandidateRow:
    """A line of the list of candidates. `references`: how many were given of how many were asked."""

    id: int
    given_name: str
    family_name: str
    email: str | None
    phone: str
    language: str
    status: str
    entity_id: int | None
    entity: str | None
    proposed_by: str | None
    confirmed_by: str | None
    confirmed_at: datetime | None
    info_id: int | None
    info_starts: datetime | None
    came: bool | None
    consent_at: datetime | None
    waiting_since: datetime | None
    decided_at: datetime | None
    answered_at: datetime | None
    answer_by: date | None
    created_at: datetime
    erased_at: datetime | None
    enrolment_id: int | None
    asked: int
    given: int
    recommended: int

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def wants_answer(self) -> bool:
        """True when the person is still to hear from the organisers."""
        return self.erased_at is None and wants_answer(self.status, self.answered_at)

    @property
    def waiting(self) -> Waiting:
        """The place on the waiting list; only for somebody who is on it."""
        return Waiting(self.id, self.entity_id, self.waiting_since or self.created_at)


@dataclass(frozen=True)
class InfoRow:
    """An information session: wall time and zone, how many chose it, how many came."""

    id: int
    starts_local: datetime
    timezone: str
    minutes: int
    place: str
    url: str | None
    capacity: int | None
    cancelled_at: datetime | None
    chosen: int
    came: int

    @property
    def starts_at(self) -> datetime:
        return self.starts_local.replace(tzinfo=ZoneInfo(self.timezone))

    @property
    def over(self) -> bool:
        return self.starts_at + timedelta(minutes=self.minutes) < clock.now()

    @property
    def left(self) -> int | None:
        """Seats left; None when there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.chosen)

    @property
    def can_be_chosen(self) -> bool:
        return self.cancelled_at is None and not self.over and self.left != 0


@dataclass(frozen=True)
class EventRow:
    """One step of a candidate's way, as it is shown."""

    at: datetime
    by: str | None
    what: str
    to_status: str | None


@dataclass(frozen=True)
class ProposedRow:
    """Whom a reference professional proposed: whether the person has said yes since, and nothing beyond it."""

    email: str
    course: str
    proposed_on: datetime
    said_yes: bool
    over: bool
