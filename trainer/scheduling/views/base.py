"""The blueprint, and what its pages share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, current_app, flash, url_for

from trainer.core.errors import Invalid, Refused
from trainer.core.forms import Form
from trainer.core.i18n import localised, say
from trainer.scheduling.queries import CourseSession, SessionRow, session_of

bp = Blueprint("scheduling", __name__, template_folder="../templates")


def one_session(code: str, number: int) -> CourseSession | None:
    """The loader of everything under a session's address."""
    return session_of(code, number)


def everything(**view_args: Any) -> bool:
    """The loader of pages that are about no single thing."""
    return True


def title_of(row: SessionRow, titles: Mapping[str, Mapping[str, str]]) -> str:
    """What a session is called: its own title, else its module's in the language of the page."""
    return row.title or localised(titles.get(row.module_code)) or row.module_code


def explain(form: Form, error: Invalid | Refused) -> None:
    """Puts what a service said into the summary of the form's errors."""
    problems = getattr(error, "problems", []) or [error.text]
    form.form_errors.extend(say(one) for one in problems)


def shown(error: Invalid | Refused) -> None:
    """Says after the redirect what a service said."""
    flash(say(error.text), "error")


def address(endpoint: str, **values: Any) -> str | None:
    """The address of another feature's page, or None where this instance has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
