"""The blueprint of joining, and what its pages share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Response, make_response, session
from werkzeug.wrappers import Response as BaseResponse

from trainer.core.commands import attempt as attempt
from trainer.core.commands import messages as messages
from trainer.core.i18n import in_language, language
from trainer.joining import rules
from trainer.people.queries import organisations

bp = Blueprint("joining", __name__, template_folder="../templates")

Page = str | BaseResponse | tuple[str, int]

# How a status looks as a chip: kinds that the pages of courses have already.
CHIPS = {
    "proposed": "proposed",
    "interested": "no_data",
    "applied": "not_yet",
    "offered": "info",
    "accepted": "enrolled",
    "waiting": "paused",
    "not_this_time": "closed",
    "withdrawn": "withdrawn",
}


@bp.app_context_processor
def words() -> dict[str, Any]:
    """What the templates of joining say with."""
    return {"joining_words": {"status": rules.status_text, "question": rules.question_text, "chips": CHIPS}}


def everything(**view_args: Any) -> bool:
    """The loader of pages that are about no single thing."""
    return True


def entity_choices() -> list[tuple[str, str]]:
    """(id, name) of every organisation that may send people."""
    return [(str(one.id), one.name) for one in organisations()]


def chosen_id(value: str | None) -> int | None:
    """The id that a list of choices gave; None for none."""
    return int(value) if value and value.isdecimal() and len(value) < 10 else None


def told(words_: Mapping[str, Any] | None, course_language: str) -> tuple[str, str]:
    """(language, words) for the reader of this page."""
    return rules.words_in(words_, language(), course_language)


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speaks the candidate's own language, unless whoever looks chose one on this device."""
    with in_language(None if session.get("language") else code):
        yield


def private(page: str, status: int = 200) -> Response:
    """A page behind a secret link: found by no search, kept by nobody, and its address told to no other site."""
    response = make_response(page, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response
