"""Who needs a call, the log of contacts, and the page that writes one down."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.web import file_form, of_file, table_file
from trainer.gates.queries import enrolment_on
from trainer.progress import queries, rules, services
from trainer.progress.documents import calls_table, contacts_table
from trainer.progress.forms import ContactForm
from trainer.progress.policy import can_note_contact, can_read_contacts, can_read_log
from trainer.progress.views.base import WORDS, bp


@bp.get("/courses/<code>/care")
@access(load=course_by_code, read=can_read_log)
def care(course: Course) -> str:
    """Follow-ups that are due, who needs a call and why, who was just contacted, and the last contacts."""
    found = queries.progress(course)
    calls = queries.needs_call(found)
    called = {call.person.enrolment_id for call in calls}
    return render_template(
        "progress/care.html",
        course=course,
        progress=found,
        calls=[call for call in calls if call.state != "waiting"],
        waiting=[call for call in calls if call.state == "waiting"],
        due=[one for one in rules.follow_ups(found) if one.enrolment_id not in called],
        targets=queries.make_up_sessions(course, calls),
        log=queries.contact_log(course.id),
        **WORDS,
    )


@bp.get("/courses/<code>/care.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_read_log)
def care_file(course: Course) -> Response:
    """Who needs a call, and who was to be asked again by today, as CSV or a workbook."""
    found = queries.progress(course)
    calls = queries.needs_call(found)
    called = {call.person.enrolment_id for call in calls}
    due = [one for one in rules.follow_ups(found) if one.enrolment_id not in called]
    header, rows = calls_table(calls, due)
    return table_file(f"{course.code}-care", file_form(), header, rows)


@bp.get("/courses/<code>/contacts.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_read_log)
def contacts_file(course: Course) -> Response:
    """The log of contacts, as CSV or a workbook."""
    header, rows = contacts_table(queries.contact_log(course.id))
    return table_file(f"{course.code}-contacts", file_form(), header, rows)


@bp.route("/courses/<code>/people/<int:enrolment_id>/contacts", methods=["GET", "POST"])
@access(load=enrolment_on, read=can_read_contacts, write=can_note_contact)
def contacts(enrolment: Enrolment) -> str | Response | tuple[str, int]:
    """One person: why they may need a call, what could be offered, the contacts there were, and the form for one more."""
    course = enrolment.course
    form = ContactForm()
    form.set_choices()
    if form.on.data is None and not form.is_submitted():
        form.on.data = clock.today(course.timezone)
    if form.validate_on_submit():
        contact = services.ContactInput(
            form.on.data or clock.today(course.timezone),
            form.channel.data,
            form.outcome.data,
            form.agreed.data or "",
            form.again_on.data,
        )
        try:
            services.note_contact(current_actor(), enrolment, contact)
        except (Invalid, Refused) as error:
            problems = getattr(error, "problems", []) or [error.text]
            form.form_errors.extend(say(one) for one in problems)
        else:
            flash(_("The contact is written down."), "success")
            return redirect(url_for("progress.care", code=course.code), 303)
    found = queries.progress(course, [enrolment.id])
    person = found.person(enrolment.id)
    if person is None:
        abort(404)
    calls = queries.needs_call(found)
    page = render_template(
        "progress/contacts.html",
        course=course,
        person=person,
        call=calls[0] if calls else None,
        targets=queries.make_up_sessions(course, calls),
        log=queries.contact_log(course.id, [enrolment.id]),
        form=form,
        may_note=can_note_contact(current_actor(), enrolment),
        **WORDS,
    )
    return (page, 422) if form.errors else page
