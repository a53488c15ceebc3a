"""The blueprint of cohorts, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.rules import CourseSessions
from trainer.core.commands import attempt as attempt
from trainer.core.commands import messages as messages
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


def entity_choices() -> list[tuple[str, str]]:
    """(code, name) of every organisation: any of them may send trainees."""
    return [(one.code, one.name) for one in organisations()]
