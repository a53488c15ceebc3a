"""A course, its people and where they stand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from trainer.attendance.rules import Attendance
from trainer.gates.rules import GateResult

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme


class SessionLike(Protocol):
    """What progress needs to know of a session."""

    @property
    def id(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def module_code(self) -> str: ...
    @property
    def title(self) -> str | None: ...
    @property
    def starts_local(self) -> datetime: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def status(self) -> str: ...
    @property
    def venue(self) -> str: ...


class MarkLike(Protocol):
    """What progress needs to know of a mark."""

    @property
    def kind(self) -> str: ...
    @property
    def minutes(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class ContactFact:
    """Somebody of the team got in touch with a trainee on that day; `again_on` is when to ask again."""

    on: date
    channel: str  # call | message | in_person | other
    outcome: str  # reached | no_answer | left_word | agreed
    agreed: str = ""
    again_on: date | None = None
    by: str | None = None


@dataclass(frozen=True)
class PersonProgress:
    """Where one enrolment stands."""

    enrolment_id: int
    person_id: int
    name: str
    email: str
    status: str
    entity: str
    joined_on: date | None
    left_on: date | None
    attendance: Attendance
    gates: Mapping[str, GateResult]
    contact: ContactFact | None = None  # the newest one

    @property
    def is_active(self) -> bool:
        """On the course now: not paused, not gone, not finished."""
        return self.status == "enrolled"

    @property
    def has_left(self) -> bool:
        """Not on the course any more, without having completed it. They can come back."""
        return self.status == "withdrawn"

    @property
    def is_over(self) -> bool:
        """The course is behind them: nothing is forecast of them, and no gate that they have not passed waits for them."""
        return self.status in ("withdrawn", "completed")

    def waits(self, gate: str) -> bool:
        """Whether that gate is still open for them: not yet, or out of reach. It is not once they left or completed."""
        return not self.is_over and not self.gates[gate].passed

    @property
    def when_left(self) -> tuple[int, int]:
        """(minutes credited, minutes held) of the sessions up to the day on which they left, or of all held."""
        lines = [
            one
            for one in self.attendance.lines
            if one.session.status == "held" and (self.left_on is None or one.session.on <= self.left_on)
        ]
        return sum(one.credit for one in lines), sum(one.counts for one in lines)


@dataclass(frozen=True)
class CourseProgress:
    """Where a course stands: sessions in order of number, everybody in the order of the roster.

    `repeats`: sessions for those who missed something, in nobody's figures and none of `sessions`; cancelled ones left out.
    `as_of`: what was on record at that moment, where it is not the present. `today` is the day in the course's zone.
    """

    code: str
    title: str
    closed: bool
    programme: Programme
    sessions: Sequence[SessionLike]
    people: tuple[PersonProgress, ...]
    now: datetime
    today: date = date.min
    as_of: datetime | None = None
    repeats: Sequence[SessionLike] = ()

    def person(self, enrolment_id: int) -> PersonProgress | None:
        """The person of that enrolment, when they are on the course."""
        return next((one for one in self.people if one.enrolment_id == enrolment_id), None)

    @property
    def planned(self) -> list[SessionLike]:
        """Sessions still to come, in order of time."""
        return sorted(
            (s for s in self.sessions if s.status == "planned"), key=lambda s: (s.starts_at, s.number)
        )

    @property
    def ahead(self) -> list[SessionLike]:
        """Planned sessions that have not begun; the others that are planned wait for their register."""
        return [session for session in self.planned if session.starts_at > self.now]

    def waits_for_register(self, session: SessionLike) -> bool:
        return session.status == "planned" and session.starts_at <= self.now

    @property
    def held(self) -> int:
        return sum(1 for session in self.sessions if session.status == "held")

    @property
    def in_use(self) -> int:
        """Sessions that were not cancelled."""
        return sum(1 for session in self.sessions if session.status != "cancelled")


def gate_title(gate: GateResult) -> Any:
    """The gate's title by language, else its name."""
    return dict(gate.title) or gate.name
