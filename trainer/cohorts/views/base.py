"""The blueprint of cohorts, and what its pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, current_app, flash, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.rules import CourseSessions
from trainer.core.errors import Invalid, Refused, TrainerError
from trainer.core.i18n import say
from trainer.people.queries import organisations

bp = Blueprint("cohorts", __name__, template_folder="../templates")

Page = str | Response | tuple[str, int]


def everything(**view_args: Any) -> bool:
    """The loader of pages that are about no single thing."""
    return True


def address(endpoint: str, **values: Any) -> str | None:
    """The address of a page of another feature; None when this instance has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None


def sessions() -> CourseSessions:
    """What create_app handed in of scheduling, which lies above this feature."""
    found: CourseSessions = current_app.extensions["trainer_course_sessions"]
    return found


def messages(error: TrainerError) -> list[str]:
    """What an error says, each problem by itself."""
    return [say(one) for one in getattr(error, "problems", [])] or [say(error.text)]


def attempt(command: Callable[[], object], done: str) -> bool:
    """Runs a command of a page with one button; flashes what came of it. True when it worked."""
    try:
        command()
    except (Invalid, Refused) as error:
        for line in messages(error):
            flash(line, "error")
        return False
    flash(done, "success")
    return True


def entity_choices() -> list[tuple[str, str]]:
    """(code, name) of every organisation: any of them may send trainees."""
    return [(one.code, one.name) for one in organisations()]
