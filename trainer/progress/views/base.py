"""The blueprint of progress, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, url_for
from flask_babel import gettext as _

from trainer.cohorts.models import Enrolment
from trainer.dossier.queries import asked_on as dossier_asked_on
from trainer.progress import rules
from trainer.progress.documents import cell_words, mark_words, word

bp = Blueprint("progress", __name__, template_folder="../templates")

# What the templates say with: the words are the rules', the templates only place them.
WORDS: dict[str, Any] = {
    name: getattr(rules, name)
    for name in (
        "bar_text",
        "channel_text",
        "outcome_text",
        "forecast_text",
        "gaps_text",
        "left_text",
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
} | {"cell_words": cell_words, "mark_words": mark_words, "word": word}


def own_links(
    code: str | None = None, *, over: bool = False, competencies: bool = True
) -> list[tuple[str, str]]:
    """Other pages about oneself, as far as the application has them, and the course (over? with competencies?)."""
    absences = _("Absences and making up") if over else _("I cannot come; absences and making up")
    seen = _("My competencies and how I see them") if competencies else _("My evidence and portfolio")
    wanted = [
        ("scheduling.my_calendar", {}, _("My calendar, on the phone too")),
        ("attendance.my_absences", {"code": code}, absences),
        ("competency.mine" if competencies else "competency.my_evidence", {"code": code}, seen),
        ("dossier.mine", {"code": code}, _("What to hand in")),
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
        ("progress.contacts", values, _("Contacts, and a new one")),
        ("cohorts.person", values, _("Enrolment, pauses, leaving")),
        ("attendance.person_absences", values, _("Absences and make-ups")),
        ("competency.person", values, _("Competencies")),
        ("dossier.person", values, _("Documents, tests, decisions")),
        ("placement.person", values, _("Placement")),
        ("gates.waivers", values, _("Waivers")),
    ]
    return _links(wanted)


def _links(wanted: list[tuple[str, dict[str, Any], str]]) -> list[tuple[str, str]]:
    found = []
    for endpoint, values, label in wanted:
        if endpoint not in current_app.view_functions or None in values.values():
            continue
        if not endpoint.startswith("dossier.") or dossier_asked_on(str(values["code"])):
            found.append((label, url_for(endpoint, **values)))
    return found
