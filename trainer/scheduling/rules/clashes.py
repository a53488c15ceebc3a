"""Clashes: two sessions at once that share a venue, a trainer or a trainee. Facts, each naming both sides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from trainer.core.text import Text, msg


class ClashKind(StrEnum):
    """What two sessions at the same time share."""

    COURSE = "course"
    VENUE = "venue"
    TRAINER = "trainer"
    TRAINEE = "trainee"


@dataclass(frozen=True)
class Booking:
    """One session as far as clashes go: a half-open span of time and what it takes up.

    `trainers` and `trainees` map the id of a person to a name. `key` tells two bookings apart: the id of a
    session, or None for one that is only planned so far. An `extra` one expects none of the course's trainees.
    """

    course: str
    number: int
    starts_at: datetime
    ends_at: datetime
    venue: str = ""
    trainers: Mapping[int, str] = field(default_factory=dict)
    trainees: Mapping[int, str] = field(default_factory=dict)
    key: int | None = None
    extra: bool = False

    def overlaps(self, other: Booking) -> bool:
        """Whether the two share any time; one that begins as the other ends does not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Clash:
    """Two sessions at once and what they share; `shared` are the names of venue, trainers or trainees."""

    kind: ClashKind
    left: Booking
    right: Booking
    shared: tuple[str, ...] = ()

    def text(self) -> Text:
        """The clash in words, with both sides."""
        values = {
            "left": f"{self.left.course} · {self.left.number}",
            "right": f"{self.right.course} · {self.right.number}",
            "day": self.left.starts_at.date(),
            "names": ", ".join(self.shared),
        }
        match self.kind:
            case ClashKind.COURSE:
                return msg("%(left)s and %(right)s are at the same time on %(day)s.", **values)
            case ClashKind.VENUE:
                return msg(
                    "%(left)s and %(right)s are both at %(names)s at the same time on %(day)s.", **values
                )
            case ClashKind.TRAINER:
                return msg(
                    "%(names)s would train at %(left)s and %(right)s at the same time on %(day)s.", **values
                )
            case ClashKind.TRAINEE:
                return msg(
                    "%(names)s would be at %(left)s and %(right)s at the same time on %(day)s.", **values
                )


def clashes(wanted: Iterable[Booking], others: Iterable[Booking]) -> list[Clash]:
    """Every clash of a wanted booking with another booking, or of two wanted ones, each pair named once.

    Sorted by time. Two bookings of the same course at once are one clash of the course, whatever else they
    share.
    """
    mine = sorted(wanted, key=_order)
    keys = {booking.key for booking in mine if booking.key is not None}
    rest = sorted((b for b in others if b.key is None or b.key not in keys), key=_order)
    found: list[Clash] = []
    for index, left in enumerate(mine):
        for right in mine[index + 1 :]:
            if right.starts_at >= left.ends_at:
                break
            found += _between(left, right)
        for right in rest:
            if right.starts_at >= left.ends_at:
                break
            found += _between(left, right)
    return found


def _order(booking: Booking) -> tuple[datetime, str, int]:
    return booking.starts_at, booking.course, booking.number


def _between(left: Booking, right: Booking) -> list[Clash]:
    if not left.overlaps(right):
        return []
    if left.course == right.course:
        return [Clash(ClashKind.COURSE, left, right)]
    found = []
    if left.venue and left.venue == right.venue:
        found.append(Clash(ClashKind.VENUE, left, right, (left.venue,)))
    for kind, ours, theirs in (
        (ClashKind.TRAINER, left.trainers, right.trainers),
        (ClashKind.TRAINEE, left.trainees, right.trainees),
    ):
        if both := ours.keys() & theirs.keys():
            found.append(Clash(kind, left, right, tuple(sorted(ours[person] for person in both))))
    return found
