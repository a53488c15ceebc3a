"""From interest to a place: statuses, places, the order of the waiting list, what is still to be answered. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from trainer.core.text import Text, msg, nmsg


class Status(StrEnum):
    """Where a candidate stands."""

    PROPOSED = "proposed"
    INTERESTED = "interested"
    APPLIED = "applied"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    NOT_THIS_TIME = "not_this_time"
    WITHDRAWN = "withdrawn"


class Outcome(StrEnum):
    """What an organiser may decide. There is no other answer, and none of them gives a reason of health."""

    OFFERED = "offered"
    WAITING = "waiting"
    NOT_THIS_TIME = "not_this_time"


# Whoever was told "not this time" can still be offered a place that comes free; who withdrew can come back themself.
MOVES: dict[Status, frozenset[Status]] = {
    Status.PROPOSED: frozenset({Status.INTERESTED, Status.WITHDRAWN}),
    Status.INTERESTED: frozenset({Status.APPLIED, Status.NOT_THIS_TIME, Status.WITHDRAWN}),
    Status.APPLIED: frozenset({Status.OFFERED, Status.WAITING, Status.NOT_THIS_TIME, Status.WITHDRAWN}),
    Status.OFFERED: frozenset({Status.ACCEPTED, Status.WAITING, Status.NOT_THIS_TIME, Status.WITHDRAWN}),
    Status.ACCEPTED: frozenset(),
    Status.WAITING: frozenset({Status.OFFERED, Status.NOT_THIS_TIME, Status.WITHDRAWN}),
    Status.NOT_THIS_TIME: frozenset({Status.OFFERED, Status.WAITING, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset({Status.INTERESTED}),
}

# What people are told to ask before they apply (Mental Health Europe's guide to peer support, 2024), in the order of the page.
QUESTIONS = ("pay", "benefits", "unwell", "adjustments", "supervision", "time", "travel", "afterwards")

# The wording that candidates say yes to; a new wording gets a new version, and what was said before keeps its own.
WORDING = "2026-11"

ANSWER_DAYS = 14  # to say yes to an offer
REFERENCE_DAYS = 21  # in which the link of a reference works
MAIL_PAUSE_MINUTES = 10  # between two mails with the same link to one address
MOST_ASKED = (
    9  # references that one candidate can have asked in all: their page writes to nobody's mailbox at will
)
TEXT_LENGTH = 4000
ADJUSTMENTS_SEALED_FOR = "candidate-adjustments"


def may_move(current: str, to: str) -> bool:
    """True when a candidate in status `current` can come to stand at `to`."""
    return Status(to) in MOVES[Status(current)]


def why_not(current: str, to: str) -> Text | None:
    """Why the step is not possible, in words; None when it is."""
    if may_move(current, to):
        return None
    if current == to:
        return msg("This is so already: %(status)s.", status=status_text(current))
    return msg(
        "From “%(current)s” there is no step to “%(to)s”.", current=status_text(current), to=status_text(to)
    )


def status_text(status: str) -> Text:
    """The status as the organisers read it."""
    return {
        Status.PROPOSED: msg("Proposed, has not said yes yet"),
        Status.INTERESTED: msg("Interested"),
        Status.APPLIED: msg("Applied"),
        Status.OFFERED: msg("Offered a place"),
        Status.ACCEPTED: msg("Joined the course"),
        Status.WAITING: msg("Waiting list"),
        Status.NOT_THIS_TIME: msg("Not this time"),
        Status.WITHDRAWN: msg("Withdrew"),
    }[Status(status)]


def outcome_text(outcome: str) -> Text:
    """What the button of a decision says."""
    return {
        Outcome.OFFERED: msg("Offer a place"),
        Outcome.WAITING: msg("Put on the waiting list"),
        Outcome.NOT_THIS_TIME: msg("Not this time"),
    }[Outcome(outcome)]


def question_text(code: str) -> Text:
    """A question of the guide, as somebody who thinks of applying would ask it."""
    return {
        "pay": msg("Is the training paid, or does it cost anything? And the work afterwards?"),
        "benefits": msg("What happens to my benefits or pension while I train and when I work?"),
        "unwell": msg("What if I feel unwell during the course?"),
        "adjustments": msg("Can the course be adapted to what I need?"),
        "supervision": msg("Who supports and supervises me?"),
        "time": msg("How much time does it take?"),
        "travel": msg("How do I get there, and is travel paid?"),
        "afterwards": msg("What comes after the course?"),
    }[code]


def event_text(what: str) -> Text:
    """A step of a candidate's way, in words."""
    return {
        "interest": msg("Left their details on the course page"),
        "link_sent": msg("The link to their own page was sent"),
        "proposed": msg("Proposed by a reference professional"),
        "added": msg("Added by an organiser"),
        "said_yes": msg("Said yes to being a candidate"),
        "confirmed": msg("Eligibility confirmed"),
        "session_chosen": msg("Chose an information session"),
        "session_left": msg("Gave up the place at an information session"),
        "session_cancelled": msg("Their information session was cancelled"),
        "came": msg("Was at the information session"),
        "did_not_come": msg("Was not at the information session"),
        "applied": msg("Sent the application"),
        "changed": msg("Changed the application"),
        "reference_asked": msg("A reference was asked"),
        "reference_answered": msg("A reference was given"),
        "decided": msg("Decision"),
        "told": msg("Was told by an organiser"),
        "accepted": msg("Said yes to the place"),
        "declined": msg("Said no to the place"),
        "withdrew": msg("Withdrew"),
        "came_back": msg("Would like to be considered again"),
        "entity": msg("Entity changed"),
        "erased": msg("What they wrote was erased"),
    }.get(what, msg("Other"))


def is_open(opens_on: date, closes_on: date, today: date) -> bool:
    """True when strangers may leave their interest; both days belong to the time."""
    return opens_on <= today <= closes_on


def opening_problems(
    opens_on: date, closes_on: date, keep_until: date, places: int, kept: Mapping[int, int]
) -> list[Text]:
    """What is wrong with the dates and places of an opening; an empty list when nothing is."""
    problems: list[Text] = []
    if closes_on < opens_on:
        problems.append(msg("It closes before it opens."))
    if keep_until < closes_on:
        problems.append(msg("What candidates wrote must be kept at least until the opening closes."))
    if places < 1:
        problems.append(msg("A course needs at least one place."))
    if any(number < 0 for number in kept.values()):
        problems.append(msg("Places kept for an entity cannot be fewer than none."))
    elif sum(kept.values()) > places:
        problems.append(
            msg(
                "The places kept for entities are %(kept)s, more than the %(places)s places of the course.",
                kept=str(sum(kept.values())),
                places=str(places),
            )
        )
    return problems


@dataclass(frozen=True)
class Places:
    """The places of a course. `kept`: by entity; `used`: how many hold a place, by the entity that proposed them
    (None: nobody did). Everybody on the course holds one, and everybody to whom one is offered."""

    total: int
    kept: Mapping[int, int] = field(default_factory=dict)
    used: Mapping[int | None, int] = field(default_factory=dict)

    @property
    def held(self) -> int:
        """Places that somebody holds."""
        return sum(self.used.values())

    @property
    def free(self) -> int:
        """Places that nobody holds, those kept for entities among them."""
        return max(0, self.total - self.held)

    @property
    def free_for_all(self) -> int:
        """Places that anybody can have."""
        return self.free_for(None)

    def free_for(self, entity_id: int | None) -> int:
        """How many places somebody whom that entity proposed could have: its own kept ones, then those for all.

        Never more than are left over all, even if more are kept than there are places by now.
        """
        own = 0 if entity_id is None else self.kept.get(entity_id, 0) - self.used.get(entity_id, 0)
        # An entity's people beyond what is kept for it sit on places for all, as do those whom nobody proposed.
        shared = sum(
            max(0, number - (0 if entity is None else self.kept.get(entity, 0)))
            for entity, number in self.used.items()
        )
        for_all = self.total - sum(self.kept.values()) - shared
        return min(max(0, own) + max(0, for_all), self.free)


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waiting list."""

    id: int
    entity_id: int | None
    since: datetime


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """The waiting list: who has waited longest comes first."""
    return sorted(waiting, key=lambda one: (one.since, one.id))


def next_up(waiting: Iterable[Waiting], places: Places) -> Waiting | None:
    """Who gets the next place: the first in the order who can have one of those that are free; None when nobody can."""
    return next((one for one in in_order(waiting) if places.free_for(one.entity_id)), None)


def turn_problem(waiting: Iterable[Waiting], places: Places, candidate_id: int) -> Text | None:
    """Why it is not the candidate's turn yet; None when it is, or when they are not on the list."""
    queue = in_order(waiting)
    if candidate_id not in {one.id for one in queue}:
        return None
    first = next_up(queue, places)
    if first is None or first.id == candidate_id:
        return None
    return msg("Somebody has waited longer: the place goes to the first on the waiting list who can have it.")


def offer_problem(
    places: Places, entity_id: int | None, *, consented: bool, needs_confirmation: bool, confirmed: bool
) -> Text | None:
    """Why a place cannot be offered; None when it can."""
    if not consented:
        return msg("The application is not complete: the person has not said yes to it yet.")
    if needs_confirmation and not confirmed:
        return msg("This course asks that a professional confirms first that the person can take part.")
    if not places.free_for(entity_id):
        if places.free:
            return msg("The places that are left are kept for other entities.")
        return msg("No place is free: put the person on the waiting list.")
    return None


def wants_answer(status: str, answered_at: datetime | None) -> bool:
    """True for somebody who is still to hear from the organisers."""
    if status in {Status.INTERESTED, Status.APPLIED}:
        return True
    return status in set(Outcome) and answered_at is None


def application_problems(consent: bool, references: Sequence[tuple[str, str]], asked: int) -> list[Text]:
    """What an application still needs. `references`: (name, address of mail) of those named."""
    problems: list[Text] = []
    if not consent:
        problems.append(msg("Without your yes to how we use what you write, we cannot look at it."))
    if len(references) < asked:
        problems.append(
            nmsg(
                "Name %(num)d person who can speak for you.",
                "Name %(num)d people who can speak for you.",
                asked,
            )
        )
    if len({email for _name, email in references}) < len(references):
        problems.append(msg("Each reference needs an address of mail of its own."))
    return problems


def due_for_erasure(status: str, answer_by: date | None, keep_until: date, today: date) -> bool:
    """True when what a candidate wrote is to be erased: the day to keep it is over, and no offer is still open."""
    if today <= keep_until:
        return False
    return not (status == Status.OFFERED and answer_by is not None and answer_by >= today)


def words_in(words: Mapping[str, Any] | None, language: str, course_language: str) -> tuple[str, str]:
    """(language, words): in the reader's language, else in the course's, else in any; ("", "") when there are none."""
    known = {code: str(text).strip() for code, text in (words or {}).items() if str(text or "").strip()}
    for code in (language, course_language, *sorted(known)):
        if code in known:
            return code, known[code]
    return "", ""


def tidy_words(words: Mapping[str, str | None]) -> dict[str, str]:
    """Words by language without what is empty."""
    return {code: text.strip() for code, text in words.items() if text and text.strip()}


def unanswered_questions(answers: Mapping[str, Any]) -> list[str]:
    """The questions of the guide that the course page answers in no language."""
    return [code for code in QUESTIONS if not words_in(answers.get(code), "", "")[1]]
