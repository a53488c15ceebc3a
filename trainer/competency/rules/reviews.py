"""Claims that something was learnt before, and asking another assessor to look again: until when, and by whom. Pure.

Source: docs/domain.md, "Competency" 4 to 6. Days are whole days of the course's own calendar.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from trainer.competency.rules.standing import KIND_WORDS, Kind
from trainer.core.text import Text, msg, nmsg

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme, Scale


class ClaimStatus(StrEnum):
    """Where a claim stands."""

    ASKED = "asked"
    RECOGNISED = "recognised"
    NOT_YET = "not_yet"
    WITHDRAWN = "withdrawn"


class AppealStatus(StrEnum):
    """Where an appeal stands."""

    OPEN = "open"
    ASSIGNED = "assigned"
    UPHELD = "upheld"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


CLAIM_WORDS: dict[str, Text] = {
    ClaimStatus.ASKED: msg("Waits for an answer"),
    ClaimStatus.RECOGNISED: msg("Recognised"),
    ClaimStatus.NOT_YET: msg("Not yet"),
    ClaimStatus.WITHDRAWN: msg("Taken back"),
}
APPEAL_WORDS: dict[str, Text] = {
    AppealStatus.OPEN: msg("Waits for an assessor"),
    AppealStatus.ASSIGNED: msg("With another assessor"),
    AppealStatus.UPHELD: msg("The assessment stands"),
    AppealStatus.CHANGED: msg("The assessment was changed"),
    AppealStatus.WITHDRAWN: msg("Taken back"),
}
PRIOR_WORDS: dict[str, Text] = {
    "training": msg("other training"),
    "work": msg("paid work"),
    "volunteering": msg("volunteering"),
    "lived_experience": msg("lived experience"),
}


def kind_text(kind: str, source: str = "") -> Text:
    """As what somebody assessed; of prior learning, also what it comes from, where that was asked."""
    if source not in PRIOR_WORDS:
        return KIND_WORDS[kind]
    return msg("%(kind)s: %(source)s", kind=KIND_WORDS[kind], source=PRIOR_WORDS[source])


@dataclass(frozen=True, slots=True)
class AppealTerms:
    """Within how many days of an assessment one may appeal, and in how many an answer is due."""

    within_days: int = 15
    answer_days: int = 20


@dataclass(frozen=True, slots=True)
class PriorLearningTerms:
    """Where prior learning may come from (codes of PRIOR_WORDS; empty: from anywhere), and for how many competencies at most
    (None: for all)."""

    kinds: tuple[str, ...] = ()
    at_most: int | None = None


def appeal_terms(programme: Programme) -> AppealTerms:
    """The programme's own, or 15 and 20 days where it says nothing."""
    said = programme.appeals
    return AppealTerms(said["within_days"], said["answer_days"]) if said else AppealTerms()


def prior_learning_terms(programme: Programme) -> PriorLearningTerms | None:
    """What the programme says of prior learning; None when it recognises none."""
    said = programme.prior_learning
    if said is None:
        return None
    return PriorLearningTerms(tuple(said.get("kinds") or ()), said.get("at_most"))


def last_day_to_appeal(recorded_on: date, terms: AppealTerms) -> date:
    """That day included. Counted from when the assessment was put on record: earlier nobody could read it."""
    return recorded_on + timedelta(days=terms.within_days)


def answer_by(made_on: date, terms: AppealTerms) -> date:
    """The last day for an answer."""
    return made_on + timedelta(days=terms.answer_days)


def is_open(status: str) -> bool:
    """Nobody has answered yet, and it was not taken back."""
    return status in (AppealStatus.OPEN, AppealStatus.ASSIGNED)


def is_overdue(status: str, last_day: date, today: date) -> bool:
    """An answer was due before today."""
    return is_open(status) and today > last_day


def appeal_problem(
    kind: str, recorded_on: date, today: date, terms: AppealTerms, *, earlier: str | None, is_answer: bool
) -> Text | None:
    """Why an assessment cannot be appealed; None when it can.

    `earlier`: the status of an appeal of the same assessment; one that was taken back may be made again in time.
    `is_answer`: the assessment is itself what an appeal led to, which settles the matter.
    """
    if kind == Kind.SELF:
        return msg("A self-assessment is your own: you can change it whenever you like.")
    if is_answer:
        return msg("This assessment is itself the answer to an appeal.")
    if earlier is not None and earlier != AppealStatus.WITHDRAWN:
        return msg("Another look at this assessment was asked for already.")
    if today > last_day_to_appeal(recorded_on, terms):
        return nmsg(
            "One can ask within %(num)d day of an assessment; the last day was %(day)s.",
            "One can ask within %(num)d days of an assessment; the last day was %(day)s.",
            terms.within_days,
            day=last_day_to_appeal(recorded_on, terms),
        )
    return None


def decider_problem(
    who: int | None, person_id: int, too_close: Collection[int], first_assessor_id: int | None = None
) -> Text | None:
    """Why somebody does not decide about this person; None when nothing stands against it.

    Not the person, nobody who declared to be too close to them, and of an appeal not who assessed first.
    """
    if who is None:
        return msg("An assessor with a name of their own decides this.")
    if who == person_id:
        return msg("Nobody decides about themself.")
    if who in too_close:
        return msg("Somebody who declared to be too close to this person does not assess them.")
    if first_assessor_id is not None and who == first_assessor_id:
        return msg("Somebody else than the first assessor has to look at it.")
    return None


def outcome_problem(changed: bool, level: str | None, first_level: str, words: str) -> Text | None:
    """Why an appeal's outcome cannot be recorded as it is; None when it can. Whatever it is, it says why."""
    if not words.strip():
        return msg("Say why, in words that the person can read.")
    if changed and not level:
        return msg("Choose the level that you see.")
    if changed and level == first_level:
        return msg("That is the level that was appealed: then the assessment stands.")
    return None


def source_problem(kind: str, terms: PriorLearningTerms) -> Text | None:
    """Why a claim cannot say that it comes from there; None when it can. A programme that names no kinds asks for none."""
    if terms.kinds and kind not in terms.kinds:
        return msg("Say where it comes from: choose one of those that the programme names.")
    if kind and not terms.kinds:
        return msg("This programme does not ask where it comes from.")
    return None


def claim_problem(
    code: str,
    level: str,
    scale: Scale,
    terms: PriorLearningTerms,
    *,
    reached: str | None,
    open_or_recognised: Sequence[str],
) -> Text | None:
    """Why a competency cannot be claimed at a level; None when it can.

    `reached`: the level where the person stands already. `open_or_recognised`: the competencies whose claim waits or was
    recognised.
    """
    if reached is not None and scale.reaches(reached, level):
        return msg("You are at that level already.")
    others = set(open_or_recognised) - {code}
    if terms.at_most is not None and len(others) >= terms.at_most:
        return nmsg(
            "The programme recognises prior learning for %(num)d competency at most.",
            "The programme recognises prior learning for %(num)d competencies at most.",
            terms.at_most,
        )
    return None
