"""Evidence: what shows a person's competencies, for the person and for staff."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.forms import evidence_form
from trainer.competency.policy import (
    can_add_evidence,
    can_assess_self,
    can_see_evidence,
    can_see_person,
    can_withdraw_evidence,
)
from trainer.competency.rules import EVIDENCE_WORDS, EvidenceKind
from trainer.competency.services import EvidenceInput, Upload, add_evidence, withdraw_evidence
from trainer.competency.views.base import bp, messages, of_pair, own_enrolment, programme_of_course
from trainer.core import clock, files
from trainer.core.access import access, current_actor
from trainer.core.errors import Missing, TrainerError
from trainer.core.i18n import day, localised
from trainer.core.text import msg
from trainer.scheduling.queries import sessions_of

KINDS = "note, file, link, session"


def _own_kind(code: str, kind: str) -> tuple[Enrolment, str] | None:
    enrolment = own_enrolment(code)
    return None if enrolment is None else (enrolment, kind)


def _person_kind(code: str, enrolment_id: int, kind: str) -> tuple[Enrolment, str] | None:
    enrolment = queries.enrolment_of(code, enrolment_id)
    return None if enrolment is None else (enrolment, kind)


@bp.get("/me/courses/<code>/evidence")
@access(load=own_enrolment, read=can_assess_self)
def my_evidence(enrolment: Enrolment) -> str:
    """What shows the trainee's own competencies."""
    return _list_page(enrolment, own=True)


@bp.get("/courses/<code>/people/<int:enrolment_id>/evidence")
@access(load=queries.enrolment_of, read=can_see_person)
def evidence(enrolment: Enrolment) -> str:
    """What shows one person's competencies."""
    return _list_page(enrolment, own=False)


def _list_page(enrolment: Enrolment, *, own: bool) -> str:
    actor = current_actor()
    programme = programme_of_course(enrolment.course)
    rows = queries.evidence_of(enrolment.id)
    about = {row.id: _About(row, enrolment) for row in rows}
    return render_template(
        "competency/evidence.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        rows=rows,
        titles={one.code: one.title for one in programme.competencies},
        may_withdraw={key for key, one in about.items() if can_withdraw_evidence(actor, one)},
        kinds=EVIDENCE_WORDS,
        own=own,
    )


class _About:
    """A row of the list as the policy wants it."""

    def __init__(self, row: queries.EvidenceRow, enrolment: Enrolment) -> None:
        self.added_by, self.enrolment = row.added_by, enrolment


@bp.route(f"/me/courses/<code>/evidence/add/<any({KINDS}):kind>", methods=["GET", "POST"])
@access(load=_own_kind, read=of_pair(can_assess_self))
def my_evidence_add(pair: tuple[Enrolment, str]) -> str | Response | tuple[str, int]:
    """The trainee adds a note, a file, a link or a session."""
    enrolment, kind = pair
    return _add_page(enrolment, kind, url_for("competency.my_evidence", code=enrolment.course.code), own=True)


@bp.route(
    f"/courses/<code>/people/<int:enrolment_id>/evidence/add/<any({KINDS}):kind>", methods=["GET", "POST"]
)
@access(load=_person_kind, read=of_pair(can_see_person), write=of_pair(can_add_evidence), write_on_get=True)
def evidence_add(pair: tuple[Enrolment, str]) -> str | Response | tuple[str, int]:
    """Staff add a note, a file, a link or a session about one person."""
    enrolment, kind = pair
    back = url_for("competency.evidence", code=enrolment.course.code, enrolment_id=enrolment.id)
    return _add_page(enrolment, kind, back, own=False)


def _add_page(enrolment: Enrolment, kind: str, back: str, *, own: bool) -> str | Response | tuple[str, int]:
    programme = programme_of_course(enrolment.course)
    form: Any = evidence_form(kind, programme, _sessions(enrolment) if kind == EvidenceKind.SESSION else [])
    problems: list[str] = []
    if not form.is_submitted():
        form.codes.data = request.args.getlist("competency")
    elif form.validate():
        try:
            add_evidence(current_actor(), enrolment, _typed(form, kind))
        except TrainerError as error:
            problems = messages(error)
        else:
            flash(_("Saved."), "success")
            return redirect(back)
    page = render_template(
        "competency/evidence_add.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme,
        form=form,
        kind=kind,
        kinds=EVIDENCE_WORDS,
        accept=files.ACCEPT,
        problems=problems,
        back=back,
        own=own,
    )
    return (page, 422) if form.is_submitted() else page


def _typed(form: Any, kind: str) -> EvidenceInput:
    meeting = form.session.data if kind == EvidenceKind.SESSION else None
    return EvidenceInput(
        kind=kind,
        codes=form.codes.data,
        title=form.title.data or "",
        words=form.words.data or "",
        url=form.url.data or "" if kind == EvidenceKind.LINK else "",
        session_id=int(meeting) if meeting and meeting.isdigit() else None,
        happened_on=None if kind == EvidenceKind.SESSION else form.happened_on.data,
        upload=upload_of("file"),
    )


def upload_of(name: str) -> Upload | None:
    """The file that came with the form under this name, if one did."""
    found = request.files.get(name)
    if found is None or not found.filename:
        return None
    return Upload(found.filename, found.mimetype or "", found.read())


def _sessions(enrolment: Enrolment) -> list[tuple[int, str]]:
    """The sessions that took place, the newest first."""
    today = clock.today(enrolment.course.timezone)
    modules = {module.code: module for module in programme_of_course(enrolment.course).modules}
    found = []
    for row in reversed(sessions_of(enrolment.course_id)):
        if not row.is_cancelled and row.starts_local.date() <= today:
            module = modules.get(row.module_code)
            title = row.title or (localised(module.title) if module else "")
            found.append((row.id, f"{row.number}. {title} · {day(row.starts_local.date())}"))
    return found


@bp.get("/evidence/<int:evidence_id>/file")
@access(load=queries.one_evidence, read=can_see_evidence)
def evidence_file(one: queries.OneEvidence) -> Response:
    """The file, to keep: never opened by the browser in our name."""
    if one.evidence.file is None:
        raise Missing(msg("This is not here (any more)."))
    return files.download(one.evidence.file)


@bp.post("/evidence/<int:evidence_id>/withdraw")
@access(load=queries.one_evidence, read=can_see_evidence, write=can_withdraw_evidence)
def evidence_withdraw(one: queries.OneEvidence) -> Response:
    """Take evidence back."""
    actor, enrolment = current_actor(), one.enrolment
    deleted = withdraw_evidence(actor, one.evidence.id)
    flash(
        _("Deleted.")
        if deleted
        else _("Taken back. An assessment or a claim rests on it, so it stays there to be read."),
        "success",
    )
    code = enrolment.course.code
    if can_assess_self(actor, enrolment):
        return redirect(url_for("competency.my_evidence", code=code))
    return redirect(url_for("competency.evidence", code=code, enrolment_id=enrolment.id))
