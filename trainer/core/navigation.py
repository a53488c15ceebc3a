"""The links at the top of every page, per kind of user."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import current_app, g, has_request_context, request, url_for
from flask_babel import gettext as _

from trainer.core.access import Actor


@dataclass(frozen=True)
class Link:
    """One entry; `current` when the page shown lies under it."""

    label: str
    url: str
    current: bool


def navigation(actor: Actor) -> list[Link]:
    """Entries for what the actor may do; somebody who holds several roles sees them all, in the order of the day."""
    if not actor.signed_in:
        wanted = [("accreditation.verify", _("Verify a certificate"))]
    else:
        staff = actor.is_admin or any(actor.holds(role) for role in ("organiser", "trainer", "assessor"))
        wanted = []
        if staff:
            wanted.append(("cohorts.courses", _("Courses")))
        if actor.holds("registrar") or actor.is_admin:
            wanted.append(("accreditation.registry", _("Registry")))
        if actor.holds("supervisor"):
            wanted.append(("placement.placements", _("Placements")))
            wanted.append(("joining.proposed", _("Candidates")))
        if not (staff or actor.holds("registrar") or actor.holds("supervisor")):
            # Somebody who is both staff and trainee finds it in the menu of their account.
            wanted.append(("progress.me", _("Where I stand")))
        wanted.append(("scheduling.my_calendar", _("Calendar")))
        if staff:
            wanted.append(("curriculum.programmes", _("Programmes")))
        if actor.is_admin:
            wanted += [("people.people", _("People")), ("people.organisations", _("Organisations"))]
            wanted.append(("audit.entries", _("Audit")))
    found = [
        (url_for(endpoint), label) for endpoint, label in wanted if endpoint in current_app.view_functions
    ]
    under = [url for url, _label in found if request.path == url or request.path.startswith(url + "/")]
    here = max(under, key=len, default=None)  # /me/calendar lies under /me too, and is the calendar
    return [Link(label, url, url == here) for url, label in found]


def course_navigation(actor: Actor) -> tuple[str, list[Link]]:
    """The course's code and its pages, on every page of a course that the staff were let into; else nothing."""
    code = (request.view_args or {}).get("code") if has_request_context() else None
    staff = actor.is_admin or any(actor.holds(role) for role in ("organiser", "trainer", "assessor"))
    if not staff or not code or "accessed" not in g or not request.path.startswith("/courses/"):
        return "", []
    wanted = [
        ("cohorts.course", _("Overview")),
        ("cohorts.people", _("People")),
        ("scheduling.sessions", _("Sessions")),
        ("attendance.absences", _("Absences")),
        ("progress.course", _("Progress")),
        ("competency.matrix", _("Competencies")),
        ("placement.course", _("Placements")),
        ("dossier.course", _("Documents and tests")),
    ]
    if actor.is_admin or actor.holds("organiser"):
        wanted.append(("joining.course", _("Joining")))
        wanted.append(("accreditation.course", _("Accreditation")))
    wanted.append(("reports.course", _("Report")))
    # A person's page belongs to the course's page of the same name.
    path = re.sub(r"(/people/\d+)(/.+)", r"\2", request.path)
    links = []
    for endpoint, label in wanted:
        # Many programmes ask for attendance and competencies alone: then there is nothing to hand in, and no page for it.
        if endpoint == "dossier.course" and not current_app.extensions["trainer_asks_dossier"](str(code)):
            continue
        if endpoint in current_app.view_functions:
            url = url_for(endpoint, code=code)
            under = endpoint != "cohorts.course" and path.startswith(url + "/")
            links.append(Link(label, url, path == url or under))
    return str(code), links
