"""Tests: points out of a whole, compared exactly; attempts, where the programme counts them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from trainer.dossier.rules.entries import Entry, State, Thing, of_thing


@dataclass(frozen=True, slots=True)
class ScoreStanding:
    """One test of one person. `attempts`: how often the programme lets it be taken; None for as often as one likes.

    Every recorded result counts: that somebody may not sit a further time is said before, when it is recorded.
    """

    code: str
    results: tuple[Entry, ...] = ()
    attempts: int | None = None

    @property
    def best(self) -> Entry | None:
        """The best result, the first of equal ones."""
        return max(self.results, key=lambda one: (share(one), -one.on.toordinal(), -one.id), default=None)

    @property
    def latest(self) -> Entry | None:
        """The newest by its day."""
        return max(self.results, key=lambda one: (one.on, one.id), default=None)

    @property
    def left(self) -> int | None:
        """How often it may still be taken; None for as often as one likes."""
        return None if self.attempts is None else max(0, self.attempts - len(self.results))

    def reaches(self, asked: Fraction) -> bool:
        """True when the best result is at least that share of its whole, exactly: 69.9 % is not 70 %."""
        return self.best is not None and share(self.best) >= asked


def share(entry: Entry) -> Fraction:
    """The points as an exact share of the whole; a test out of nothing reaches nothing."""
    return Fraction(entry.points or 0, entry.out_of) if entry.out_of else Fraction(0)


def score_standing(entries: Iterable[Entry], code: str, attempts: int | None) -> ScoreStanding:
    """Where one test stands."""
    results = tuple(one for one in of_thing(entries, Thing.TEST, code) if one.state == State.TAKEN)
    return ScoreStanding(code, results, attempts)


def points_needed(out_of: int, asked: Fraction) -> int:
    """The fewest whole points that are at least that share of `out_of`."""
    return -(-out_of * asked.numerator // asked.denominator)
