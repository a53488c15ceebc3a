"""One session: its page, and everything that can be done with it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from trainer.core.access import access, current_actor
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.i18n import gettext as _
from trainer.core.i18n import localised, say
from trainer.curriculum.queries import programme_of
from trainer.scheduling import queries, services
from trainer.scheduling.forms import CancelForm, EditForm, HandoutForm, LengthForm, TrainersForm, WhenWhere
from trainer.scheduling.policy import can_change_session, can_prepare_session, can_see_session
from trainer.scheduling.queries import CourseSession
from trainer.scheduling.views.base import address, bp, explain, one_session, shown, title_of

Page = str | Response | tuple[str, int]
BASE = "/courses/<code>/sessions/<int:number>"


@bp.get(BASE)
@access(load=one_session, read=can_see_session)
def session(one: CourseSession) -> str:
    """When, where, what, who; and what can be changed."""
    return _page(
        one, HandoutForm(formdata=None), LengthForm(formdata=None, minutes=one.row.effective_minutes)
    )


def _module_url(one: CourseSession) -> str | None:
    """The module as the course's own version has it, its plan on this session's clock."""
    version = one.course.programme_version_id
    programme = programme_of(version)
    number = next((m.number for m in programme.modules if m.code == one.row.module_code), None)
    if number is None:
        return None
    start = f"{one.row.starts_local:%H:%M}"
    return address("curriculum.module", code=programme.code, number=number, version=version, start=start)


def _made_up_in_sessions(one: CourseSession) -> bool:
    """Whether the programme lets people make something up in a session: where it does not, a repeat helps nobody."""
    make_ups = programme_of(one.course.programme_version_id).attendance.get("make_ups") or {}
    return bool({"session", "other_course"} & set(make_ups.get("ways") or ()))


def _page(one: CourseSession, handout_form: HandoutForm, length_form: LengthForm) -> str:
    actor = current_actor()
    titles = queries.module_titles(one.course)
    return render_template(
        "scheduling/session.html",
        module_url=_module_url(one),
        course=one.course,
        row=one.row,
        title=title_of(one.row, titles),
        module_title=localised(titles.get(one.row.module_code)) or one.row.module_code,
        trainers=queries.trainers_of([one.id])[one.id],
        handouts=queries.handouts_of(one.id),
        warnings=services.warnings_of(one.course, [one.id]),
        may_change=can_change_session(actor, one),
        may_repeat=can_change_session(actor, one) and _made_up_in_sessions(one) and not one.row.extra,
        may_prepare=can_prepare_session(actor, one),
        handout_form=handout_form,
        length_form=length_form,
        address=address,
    )


@bp.route(f"{BASE}/move", methods=["GET", "POST"])
@access(load=one_session, read=can_see_session, write=can_change_session, write_on_get=True)
def move(one: CourseSession) -> Page:
    """Another time or place."""
    row = one.row
    form = WhenWhere(day=row.starts_local.date(), time=row.starts_local.time(), venue=row.venue)
    if form.validate_on_submit():
        try:
            services.move(current_actor(), one, form.starts_local, form.venue.data)
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(
                _("Session %(number)d saved. Calendars follow by themselves.", number=one.number), "success"
            )
            for warning in services.warnings_of(one.course, [one.id]):
                flash(say(warning), "warning")
            return _back(one)
    return _form("scheduling/move.html", one, form)


@bp.route(f"{BASE}/cancel", methods=["GET", "POST"])
@access(load=one_session, read=can_see_session, write=can_change_session, write_on_get=True)
def cancel(one: CourseSession) -> Page:
    """The session does not take place; calendars show it as cancelled."""
    form = CancelForm()
    if form.validate_on_submit():
        try:
            services.cancel(current_actor(), one, form.reason.data or "")
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(_("Session %(number)d is cancelled.", number=one.number), "success")
            return _back(one)
    return _form("scheduling/cancel.html", one, form)


@bp.route(f"{BASE}/edit", methods=["GET", "POST"])
@access(load=one_session, read=can_see_session, write=can_change_session, write_on_get=True)
def edit(one: CourseSession) -> Page:
    """Module, length, own title, note for trainers."""
    row = one.row
    form = EditForm(
        module=row.module_code, minutes=row.minutes, title=row.title, note=row.note, extra=row.extra
    )
    modules = programme_of(one.course.programme_version_id).modules
    form.module.choices = [(m.code, f"{m.number}. {localised(m.title)}") for m in modules]
    if row.module_code not in {m.code for m in modules}:
        form.module.choices.append((row.module_code, row.module_code))
    if form.validate_on_submit():
        try:
            services.edit(
                current_actor(),
                one,
                module_code=form.module.data,
                minutes=form.minutes.data or 0,
                title=form.title.data or "",
                note=form.note.data or "",
                extra=bool(form.extra.data),
            )
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(_("Saved."), "success")
            return _back(one)
    return _form("scheduling/edit.html", one, form)


@bp.route(f"{BASE}/trainers", methods=["GET", "POST"])
@access(load=one_session, read=can_see_session, write=can_prepare_session, write_on_get=True)
def trainers(one: CourseSession) -> Page:
    """Who trains at the session."""
    there = queries.trainers_of([one.id])[one.id]
    form = TrainersForm(people=[person.id for person in there])
    candidates = queries.possible_trainers(one.course, [person.id for person in there])
    form.people.choices = [(person.id, person.name) for person in candidates]
    if form.validate_on_submit():
        try:
            services.set_trainers(current_actor(), one, form.people.data or [])
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(_("Saved."), "success")
            for warning in services.warnings_of(one.course, [one.id]):
                flash(say(warning), "warning")
            return _back(one)
    return _form("scheduling/trainers.html", one, form)


@bp.post(f"{BASE}/handouts")
@access(load=one_session, read=can_see_session, write=can_prepare_session)
def add_handout(one: CourseSession) -> Page:
    """One more hand-out."""
    form = HandoutForm()
    if form.validate():
        try:
            services.add_handout(current_actor(), one, form.title.data or "", form.url.data or "")
        except (Invalid, Refused) as error:
            explain(form, error)
        else:
            flash(_("Hand-out added."), "success")
            return _back(one)
    return _page(one, form, LengthForm(formdata=None, minutes=one.row.effective_minutes)), 422


@bp.post(f"{BASE}/handouts/remove")
@access(load=one_session, read=can_see_session, write=can_prepare_session)
def remove_handout(one: CourseSession) -> Page:
    """One hand-out less."""
    number = request.form.get("handout", "")
    if not (number.isdecimal() and len(number) < 10):
        raise Missing(services.NO_HANDOUT)
    services.remove_handout(current_actor(), one, int(number))
    flash(_("Hand-out removed."), "success")
    return _back(one)


@bp.post(f"{BASE}/length")
@access(load=one_session, read=can_see_session, write=can_prepare_session)
def length(one: CourseSession) -> Page:
    """How long the session really took."""
    form = LengthForm()
    if form.validate():
        try:
            services.set_effective_minutes(current_actor(), one, form.minutes.data)
        except (Invalid, Refused) as error:
            shown(error)
        else:
            flash(_("Saved. Attendance is reckoned with it."), "success")
        return _back(one)
    return _page(one, HandoutForm(formdata=None), form), 422


def _back(one: CourseSession) -> Response:
    return redirect(url_for("scheduling.session", code=one.course.code, number=one.number), 303)


def _form(template: str, one: CourseSession, form: object) -> Page:
    page = render_template(
        template,
        course=one.course,
        row=one.row,
        form=form,
        venues=queries.venues() if isinstance(form, WhenWhere) else [],
    )
    return (page, 422) if getattr(form, "errors", None) else page
