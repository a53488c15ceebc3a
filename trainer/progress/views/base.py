"""The blueprint of progress, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _

from trainer.cohorts.models import Enrolment
from trainer.progress import rules
from trainer.progress.documents import mark_words, word

bp = Blueprint("progress", __name__, template_folder="../templates")

# What the templates say with: the words are the rules', the templates only place them.
WORDS: dict[str, Any] = {
    name: getattr(rules, name)
    for name in (
        "bar_text",
        "forecast_text",
        "gaps_text",
        "lost_minutes",
        "possible_text",
        "requirement_title",
        "session_title",
        "missing_mark",
        "standing_text",
        "status_sentence",
        "step_text",
        "threshold_minutes",
    )
} | {"mark_words": mark_words, "word": word}


def own_links(code: str | None = None) -> list[tuple[str, str]]:
    """Other pages about oneself, as far as the application has them."""
    wanted = [
        ("scheduling.my_calendar", {}, _("My calendar, on the phone too")),
        ("competency.mine", {"code": code}, _("My competencies and how I see them")),
        ("placement.mine", {}, _("My placement and its log")),
        ("cohorts.my_courses", {}, _("My place on the course, consent, leaving")),
        ("accreditation.my_certificates", {}, _("My certificates")),
        ("people.account", {}, _("My account, and what is held about me")),
    ]
    return _links(wanted)


def person_links(enrolment: Enrolment) -> list[tuple[str, str]]:
    """What staff may want to open next about a person."""
    values = {"code": enrolment.course.code, "enrolment_id": enrolment.id}
    wanted: list[tuple[str, dict[str, Any], str]] = [
        ("cohorts.person", values, _("Enrolment, pauses, leaving")),
        ("competency.person", values, _("Competencies")),
        ("placement.person", values, _("Placement")),
        ("gates.waivers", values, _("Waivers")),
    ]
    return _links(wanted)


def _links(wanted: list[tuple[str, dict[str, Any], str]]) -> list[tuple[str, str]]:
    found = []
    for endpoint, values, label in wanted:
        if endpoint in current_app.view_functions and None not in values.values():
            found.append((label, url_for(endpoint, **values)))
    return found
