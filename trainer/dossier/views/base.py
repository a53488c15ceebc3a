"""The blueprint, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, request
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock, files
from trainer.core.errors import TrainerError
from trainer.core.i18n import say
from trainer.core.text import Text, msg
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Programme
from trainer.dossier import models  # noqa: F401 - its tables belong to the product
from trainer.dossier.policy import REGISTRAR
from trainer.dossier.queries import OneEntry
from trainer.dossier.rules import (
    PAPER_WORDS,
    Dossier,
    Entry,
    State,
    Thing,
    asked_share,
    asks_for_anything,
    dossier_of,
    live,
    put_forward,
)
from trainer.dossier.rules.scores import points_needed
from trainer.dossier.rules.words import ROLE_WORDS, decision_step, paper_step, score_step
from trainer.dossier.services import Upload

bp = Blueprint("dossier", __name__, template_folder="../templates")

# How each state is shown: the kind of chip, which has an icon of its own.
CHIPS = {
    "missing": "not_yet",
    "handed_in": "info",
    "returned": "warning",
    "accepted": "met",
    "expiring": "warning",
    "expired": "expired",
}


@dataclass(frozen=True)
class Card:
    """One thing that the programme asks for, as a page shows it for one person."""

    kind: str
    spec: Any
    standing: Any
    step: Text | None
    history: tuple[Entry, ...] = ()
    voided: frozenset[int] = frozenset()
    asked: Entry | None = None  # of a decision by the university: who was put forward
    needed: int | None = None  # points, of a test


def programme_for(course: Course) -> Programme:
    return programme_of(course.programme_version_id)


def today_of(course: Course) -> date:
    return clock.today(course.timezone)


def cards_of(programme: Programme, entries: Iterable[Entry], today: date) -> dict[str, list[Card]]:
    """Everything that the programme asks for, by kind, with its whole history, the newest first."""
    known = tuple(entries)
    standing = dossier_of(programme, known, today)
    voided = frozenset(one.voids_id for one in known if one.voids_id is not None)

    def history(kind: str, code: str) -> tuple[Entry, ...]:
        return tuple(
            one for one in reversed(known) if (one.kind, one.code) == (kind, code) and one.state != State.VOID
        )

    cards: dict[str, list[Card]] = {kind.value: [] for kind in Thing}
    for kind, specs, papers in (
        (Thing.DOCUMENT, programme.documents, standing.documents),
        (Thing.PORTFOLIO, programme.portfolio, standing.portfolio),
    ):
        for spec in specs:
            one = papers[spec.code]
            step = paper_step(one, spec.title)
            cards[kind].append(Card(kind, spec, one, step, history(kind, spec.code), voided))
    for test in programme.tests:
        score, asked = standing.tests[test.code], asked_share(programme, test.code)
        cards[Thing.TEST].append(
            Card(
                Thing.TEST,
                test,
                score,
                score_step(score, asked, test.title) if asked is not None else None,
                history(Thing.TEST, test.code),
                voided,
                needed=points_needed(test.out_of, asked) if asked is not None else None,
            )
        )
    for decision in programme.decisions:
        found = standing.decisions[decision.code]
        cards[Thing.DECISION].append(
            Card(
                Thing.DECISION,
                decision,
                found,
                decision_step(found, decision.by, decision.title),
                history(Thing.DECISION, decision.code),
                voided,
                asked=put_forward(live(known), decision.code),
            )
        )
    return cards


_STATES = {
    "handed_in": msg("Handed in"),
    "accepted": msg("Accepted"),
    "returned": msg("Given back"),
    "taken": msg("Taken"),
    "yes": msg("Yes"),
    "not_yet": msg("Not yet"),
}


def entry_state(kind: str, state: str) -> str:
    """The state of an entry in words, in the language of the page."""
    if kind == Thing.DECISION and state == State.HANDED_IN:
        return say(msg("Put forward to the university"))
    return say(_STATES.get(state, state))


def paper_spec(programme: Programme, kind: str, code: str) -> Any | None:
    """A document or a part of the portfolio by its code; None when the programme does not ask for it."""
    specs: Iterable[Any] = programme.documents if kind == Thing.DOCUMENT else programme.portfolio
    return next((one for one in specs if one.code == code), None)


def upload() -> Upload | None:
    """The file that came with the request, if one was chosen."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return None
    return Upload(sent.filename, sent.mimetype, sent.read())


def file_of(one: OneEntry) -> Response:
    """The file of an entry, as an attachment; 404 when it has none."""
    if one.entry.file is None:
        abort(404)
    return files.download(one.entry.file)


def failed(error: TrainerError) -> None:
    """Says what was wrong, at the top of the page."""
    flash(" ".join([say(error.text), *(say(one) for one in getattr(error, "problems", []))]), "error")


def of_first(policy: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """A policy on the first of what a loader gives."""

    def asked(actor: Any, things: tuple[Any, ...]) -> bool:
        return policy(actor, things[0])

    asked.__module__, asked.__qualname__ = policy.__module__, policy.__qualname__
    return asked


def of_enrolment(policy: Callable[[Any, Enrolment], bool]) -> Callable[[Any, OneEntry], bool]:
    """A policy on an enrolment, for one of its entries."""

    def asked(actor: Any, one: OneEntry) -> bool:
        return policy(actor, one.enrolment)

    asked.__module__, asked.__qualname__ = policy.__module__, policy.__qualname__
    return asked


def summary_of(programme: Programme, entries: Iterable[Entry], today: date) -> Dossier:
    return dossier_of(programme, entries, today)


@bp.app_context_processor
def _for_templates() -> dict[str, Any]:
    """What the pages of others ask before they link here."""
    return {
        "dossier_asked": lambda course: asks_for_anything(programme_for(course)),
        "university_decides": lambda course: any(
            one.by == REGISTRAR for one in programme_for(course).decisions
        ),
    }


WORDS = {"paper_words": PAPER_WORDS, "entry_state": entry_state, "role_words": ROLE_WORDS, "chips": CHIPS}
