"""Several changes supposed at once, as an address keeps them: each a short word; on one place the later holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trainer.attendance.rules import NEEDS_MINUTES, MarkFact, MarkKind
from trainer.progress.rules.what_if import MakeUpIf, MarkIf, RulesIf, WhatIf

MOST = 20
"""So many changes are supposed at once: more cannot be followed by anybody who reads who moves."""
EVERYBODY = "all"
MARK, MAKE_UP, CANCEL = "mark", "makeup", "cancel"
MARKS = ("present", "late", "left_early", "absent", "excused", "unmarked")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: a mark, a make-up or a cancellation of the session with that number.

    `who`: an enrolment's id, or all, or nothing for a cancellation. `minutes` are whole: attended, or made up (None: all).
    """

    kind: str
    session: int
    who: str = ""
    mark: str = ""
    minutes: int | None = None

    @property
    def token(self) -> str:
        """The change as the address holds it; `read` gives it back."""
        parts = [self.kind, str(self.session), self.who, self.mark]
        parts.append("" if self.minutes is None else str(self.minutes))
        return "-".join(parts).rstrip("-")

    @property
    def place(self) -> tuple[str, int, str]:
        """What it changes; of two changes on one place the later holds."""
        return self.kind, self.session, self.who


def read(token: str) -> Change | None:
    """The change that a word of the address means; None where it means none."""
    kind, session, who, mark, minutes, *more = [*token.split("-"), "", "", "", ""]
    if any(more) or _whole(session) is None or (minutes and _whole(minutes) is None):
        return None
    if who and who != EVERYBODY and _whole(who, 18) is None:
        return None
    change = Change(kind, int(session), who, mark, _whole(minutes) if minutes else None)
    needs = mark in {one.value for one in NEEDS_MINUTES}
    fits = {
        MARK: bool(who) and mark in MARKS and (change.minutes is not None) is needs,
        MAKE_UP: bool(who) and who != EVERYBODY and not mark,
        CANCEL: not who and not mark and change.minutes is None,
    }
    return change if fits.get(kind) else None


def pile(changes: Iterable[Change]) -> list[Change]:
    """The changes in their order, of those on one place the last alone."""
    found: dict[tuple[str, int, str], Change] = {}
    for one in changes:
        found.pop(one.place, None)
        found[one.place] = one
    return list(found.values())


def known(change: Change, sessions: Mapping[int, int], people: Mapping[str, int]) -> bool:
    """Whether the course has that session (ids by number) and that person (enrolments by their id as words); a mark can be
    everybody's, and nobody makes anything up for all."""
    nobody = {CANCEL: "", MARK: EVERYBODY}.get(change.kind)
    return change.session in sessions and (change.who == nobody or change.who in people)


def what_if_of(changes: Iterable[Change], sessions: Mapping[int, int], rules: RulesIf) -> WhatIf:
    """Everything supposed together; `sessions`: ids by number. Every change is known."""
    marks, make_ups, cancelled = [], [], []
    for one in changes:
        key = sessions[one.session]
        if one.kind == CANCEL:
            cancelled.append(key)
        elif one.kind == MAKE_UP:
            make_ups.append(MakeUpIf(int(one.who), key, one.minutes))
        else:
            fact = MarkFact(MarkKind(one.mark), one.minutes)
            marks.append(MarkIf(key, fact, None if one.who == EVERYBODY else int(one.who)))
    return WhatIf(tuple(marks), tuple(make_ups), frozenset(cancelled), rules)


def _whole(text: str, digits: int = 4) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None
