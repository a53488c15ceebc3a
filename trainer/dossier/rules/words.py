"""The dossier in words: what a requirement says, and what would change it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.rules.numbers import percent_text
from trainer.dossier.rules.decisions import DecisionStanding
from trainer.dossier.rules.papers import PaperStanding, PaperState
from trainer.dossier.rules.scores import ScoreStanding, points_needed

PAPER_WORDS: dict[str, Text] = {
    PaperState.MISSING: msg("Not handed in yet"),
    PaperState.HANDED_IN: msg("Handed in"),
    PaperState.RETURNED: msg("Given back"),
    PaperState.ACCEPTED: msg("Accepted"),
    PaperState.EXPIRING: msg("Runs out soon"),
    PaperState.EXPIRED: msg("Has run out"),
}

ROLE_WORDS: dict[str, Text] = {
    "organiser": msg("an organiser of the course"),
    "trainer": msg("a trainer of the course"),
    "assessor": msg("an assessor of the course"),
    "registrar": msg("the university"),
}


def explain_documents(have: int, need: int) -> Text:
    """How many documents are there, in words."""
    return nmsg(
        "%(have)s of %(num)d document is there.",
        "%(have)s of %(num)d documents are there.",
        need,
        have=str(have),
    )


def explain_portfolio(have: int, need: int) -> Text:
    """How many parts of the portfolio are accepted, in words."""
    return nmsg(
        "%(have)s of %(num)d part of the portfolio is accepted.",
        "%(have)s of %(num)d parts of the portfolio are accepted.",
        need,
        have=str(have),
    )


def paper_step(standing: PaperStanding, title: Any) -> Text | None:
    """What to do about one document or part; None when it is good for a while yet."""
    if standing.state is PaperState.ACCEPTED:
        return None
    if standing.state is PaperState.EXPIRING:
        if standing.waiting:
            return msg(
                "“%(title)s” runs out on %(day)s; the new one is being looked at.",
                title=title,
                day=standing.valid_until,
            )
        return msg(
            "“%(title)s” runs out on %(day)s: hand in a new one in time.",
            title=title,
            day=standing.valid_until,
        )
    if standing.state is PaperState.HANDED_IN:
        return msg("“%(title)s” is handed in: the training team looks at it next.", title=title)
    if standing.state is PaperState.RETURNED:
        return msg("Look at what was said about “%(title)s”, and hand it in again.", title=title)
    if standing.state is PaperState.EXPIRED:
        return msg(
            "“%(title)s” was good until %(day)s: hand in a new one.", title=title, day=standing.valid_until
        )
    return msg("Hand in “%(title)s”.", title=title)


def first_step(standings: Sequence[PaperStanding], titles: Mapping[str, Any]) -> Text | None:
    """The first thing to do: what the person can do comes before what waits for others."""
    open_ = [one for one in standings if not one.good]
    open_.sort(key=lambda one: one.state is PaperState.HANDED_IN)
    return paper_step(open_[0], titles[open_[0].code]) if open_ else None


def explain_score(standing: ScoreStanding, asked: Fraction, title: Any) -> Text:
    """The best result beside what is asked, in words."""
    best = standing.best
    if best is None:
        return msg(
            "“%(title)s” has not been taken yet; %(asked)s of the points are needed.",
            title=title,
            asked=percent_text(asked),
        )
    values = {
        "title": title,
        "points": str(best.points),
        "out_of": str(best.out_of),
        "needed": str(points_needed(best.out_of or 0, asked)),
        "asked": percent_text(asked),
    }
    if standing.reaches(asked):
        return msg(
            "“%(title)s”: %(points)s of %(out_of)s points; %(needed)s (%(asked)s) are needed.", **values
        )
    return msg(
        "“%(title)s”: %(points)s of %(out_of)s points so far; %(needed)s (%(asked)s) are needed.", **values
    )


def score_step(standing: ScoreStanding, asked: Fraction, title: Any) -> Text | None:
    """What to do about a test; None once it is passed."""
    if standing.reaches(asked):
        return None
    left = standing.left
    if left == 0:
        return msg(
            "Every attempt at “%(title)s” was taken: talk with the training team about what is possible.",
            title=title,
        )
    if not standing.results:
        return msg("Take “%(title)s”; ask the training team when it is held.", title=title)
    if left is None:
        return msg("Take “%(title)s” again; ask the training team when it is held.", title=title)
    return nmsg(
        "Take “%(title)s” again: %(num)d attempt is left.",
        "Take “%(title)s” again: %(num)d attempts are left.",
        left,
        title=title,
    )


def explain_decision(standing: DecisionStanding, title: Any) -> Text:
    """What was answered, in words; who answered and what they wrote is not for everybody who reads a requirement."""
    latest = standing.latest
    if latest is None:
        return msg("“%(title)s” has not been decided yet.", title=title)
    if standing.yes:
        return msg("“%(title)s”: yes, on %(day)s.", title=title, day=latest.on)
    return msg("“%(title)s”: not yet, on %(day)s.", title=title, day=latest.on)


def decision_step(standing: DecisionStanding, by: str, title: Any) -> Text | None:
    """What to do about a decision; None once it is yes."""
    if standing.yes:
        return None
    who = ROLE_WORDS.get(by, msg("the training team"))
    if standing.latest is None:
        return msg("This is decided by %(who)s; there is nothing to hand in for it.", who=who)
    return msg(
        "Talk with the training team about what is missing; then it is decided again by %(who)s.", who=who
    )
