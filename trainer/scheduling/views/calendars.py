"""Calendars: the page with a person's addresses, what the addresses answer, and a course's file."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Response as PlainResponse
from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_see
from trainer.cohorts.queries import course_by_code
from trainer.core.access import access, current_actor, public, signed_in
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import in_language
from trainer.core.web import download
from trainer.scheduling import queries, services
from trainer.scheduling.documents import calendar_document, etag_of
from trainer.scheduling.forms import TitlesForm
from trainer.scheduling.rules import CalendarEvent, CalendarSources
from trainer.scheduling.views.base import bp, shown

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@bp.get("/me/calendar")
@signed_in
def my_calendar() -> str:
    """How to have one's sessions on the phone: the address, what to do with it, and how to be rid of it."""
    person_id = current_actor().person_id
    feeds = queries.feeds_of(person_id) if person_id is not None else {}
    own = feeds.get(None)
    return render_template(
        "scheduling/my_calendar.html",
        own=own,
        form=TitlesForm(formdata=None, titles=own.show_titles if own else False),
        courses=queries.calendar_courses(person_id, feeds) if person_id is not None else [],
        feed_url=feed_url,
        webcal=webcal,
    )


@bp.post("/me/calendar")
@signed_in
def change_calendar() -> Response:
    """Makes, renews or revokes an address: of one's own calendar, or with `course` of that course's."""
    actor = current_actor()
    code = request.form.get("course")
    course = course_by_code(code) if code else None
    if code and (course is None or not can_see(actor, course)):
        raise Missing(services.NO_CALENDAR)
    try:
        match request.form.get("do"):
            case "create":
                services.create_feed(actor, course)
                flash(_("The address is ready. Now add it to your calendar."), "success")
            case "renew":
                services.renew_feed(actor, course)
                flash(_("There is a new address; the old one no longer answers."), "success")
            case "revoke":
                services.revoke_feed(actor, course)
                flash(_("The address no longer answers."), "success")
            case _:
                pass
    except (Invalid, Refused) as error:
        shown(error)
    return redirect(url_for("scheduling.my_calendar"), 303)


@bp.post("/me/calendar/titles")
@signed_in
def calendar_titles() -> Response:
    """Whether one's own calendar shows the titles of sessions."""
    form = TitlesForm()
    try:
        services.choose_titles(current_actor(), bool(form.titles.data))
    except Refused as error:
        shown(error)
    else:
        flash(_("Saved. Your calendar shows it the next time it looks."), "success")
    return redirect(url_for("scheduling.my_calendar"), 303)


@bp.get("/calendar/<token>.ics")
@public("a calendar program cannot sign in: the secret address is the permission")
def feed(token: str) -> PlainResponse:
    """What a calendar program fetches: 304 to whoever has it, and the same 404 to every wrong address."""
    found = queries.open_feed(token)
    if found is None:
        return _private(PlainResponse("Not found\n", 404, mimetype="text/plain"))
    with in_language(found.language):
        if found.course_id is not None and found.course_code is not None:
            events = queries.course_events(found.course_id, found.course_code)
        else:
            sources: CalendarSources = current_app.extensions["trainer_calendar_sources"]
            events = [
                one.shown(found.show_titles, found.titled_at) for one in sources.events(found.person_id)
            ]
    document = calendar_document(_name(events, found.course_code), events)
    etag = etag_of(document)
    # The entity tag decides alone: a session that left the feed leaves no later time of change behind.
    if request.if_none_match.contains_weak(etag):
        response = PlainResponse(status=304)
    else:
        response = PlainResponse(document, content_type=CALENDAR_TYPE)
        response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.set_etag(etag)
    if events:
        response.last_modified = max(one.updated_at for one in events)
    return _private(response)


def _private(response: PlainResponse) -> PlainResponse:
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _name(events: list[CalendarEvent], course_code: str | None) -> str:
    """As neutral as the events: course codes, without anything a person chose to see."""
    codes = dict.fromkeys(one.summary.split(" · ")[0] for one in events)
    return course_code or ", ".join(codes) or "Calendar"


@bp.get("/courses/<code>/calendar.ics")
@access(load=course_by_code, read=can_see)
def course_calendar(course: Course) -> PlainResponse:
    """The calendar of a course as a file, for its staff."""
    document = calendar_document(course.code, queries.course_events(course.id, course.code))
    return download(document, f"{course.code}.ics", CALENDAR_TYPE)


def feed_url(token: str) -> str:
    """The public address of a feed."""
    base = str(current_app.config["BASE_URL"])
    return base + url_for("scheduling.feed", token=token)


def webcal(url: str) -> str:
    """The address that opens the phone's calendar; `webcal` stands for either http or https."""
    return urlsplit(url)._replace(scheme="webcal").geturl()
