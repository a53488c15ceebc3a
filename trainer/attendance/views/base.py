"""The blueprint of attendance, and what its pages share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response as Answer

from trainer.core.i18n import localised
from trainer.scheduling.queries import CourseSession, module_titles, session_of

bp = Blueprint("attendance", __name__, template_folder="../templates")
BASE = "/courses/<code>/sessions/<int:number>/register"
Page = str | Answer | tuple[str, int]


def one_session(code: str, number: int) -> CourseSession | None:
    """The loader of everything under a register's address."""
    return session_of(code, number)


def session_title(at: CourseSession) -> str:
    """A session's own title, or its module's in the reader's language."""
    title = at.row.title or localised(module_titles(at.course).get(at.row.module_code))
    return title or at.row.module_code
