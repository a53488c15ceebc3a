"""The blueprint, and what the pages share."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from trainer.accreditation import queries
from trainer.accreditation.queries import CertificateRow, ProposalRow
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.statuses import REASONS, answer_of
from trainer.accreditation.services import Batch, kinds
from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.errors import TrainerError
from trainer.core.i18n import day, say
from trainer.core.i18n import gettext as _
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of

bp = Blueprint("accreditation", __name__, template_folder="../templates")
Page = str | Response | tuple[str, int]


@bp.app_template_global()
def certificate_answer(row: CertificateRow) -> str:
    """What a certificate answers today: valid, expired, superseded or revoked."""
    return str(answer_of(row.status, row.expires_on, clock.today(), row.reinstated_from))


@bp.app_template_global()
def revocation_words(reason: str) -> str:
    """A public reason in the language of the page."""
    return say(REASONS[reason])


_EVENTS = {
    "issued": msg("Issued"),
    "renewed": msg("Issued as a renewal"),
    "revoked": msg("Revoked"),
    "reinstated": msg("Reinstated"),
    "superseded": msg("Replaced by a newer one"),
    "flagged": msg("Flagged for review"),
    "reviewed": msg("Reviewed: it stands"),
    "reminded": msg("The holder was reminded of its end"),
    "withheld": msg("Name and title hidden by the holder"),
    "shown": msg("Name and title shown by the holder"),
    "shared": msg("A link to it was made by the holder"),
    "unshared": msg("A link to it was withdrawn by the holder"),
}


@bp.app_template_global()
def event_word(event: str) -> str:
    """What happened to a certificate, in the language of the page."""
    return say(_EVENTS.get(event, event))


@bp.app_template_global()
def dashed_code(code: str) -> str:
    """A verification code as it is printed."""
    return dashed(code)


@bp.app_template_global()
def written_day(written: str) -> str:
    """A date of the evidence, which is kept as text."""
    return day(date.fromisoformat(written))


def kind_asked(course: Course) -> str:
    """The kind of certificate that the request is about: the one named, if there is such, else the first."""
    there = kinds(course)
    asked = request.values.get("kind", "")
    return asked if asked in there else (there[0] if there else "")


def kind_titles(course: Course) -> list[tuple[str, dict[str, str]]]:
    """The kinds of certificate of a course with their titles per language."""
    wordings = programme_of(course.programme_version_id).certificates
    return [(kind, wordings[kind].title) for kind in kinds(course) if kind in wordings]


def chosen() -> list[int] | None:
    """The enrolments that were ticked; None, which stands for everybody, where the form has nothing to tick."""
    ticked = request.form.getlist("enrolment")
    # No row has a number of ten digits or more. What is no number stands for nobody, never for everybody.
    numbers = [int(one) for one in ticked if one.isdecimal() and len(one) < 10]
    return numbers if ticked else None


def tell(batch: Batch, done: str, nobody: str) -> None:
    """Flashes in words how many were done, or that nobody was, and why somebody named was not."""
    if batch.done:
        flash(done, "success")
    elif chosen() == []:
        flash(_("Nobody was chosen: tick at least one person."), "info")
    else:
        flash(nobody, "info")
    if chosen() is not None:
        for candidate in batch.refused:
            reasons = " ".join(say(reason) for reason in candidate.reasons)
            flash(f"{candidate.name}: {reasons}", "warning")


def failed(error: TrainerError) -> None:
    """Flashes an error in words, problem by problem."""
    flash(say(error.text), "error")
    for problem in getattr(error, "problems", []):
        flash(say(problem), "error")


def proposal_on(code: str, proposal_id: int) -> ProposalRow | None:
    """A proposal of this course; None when it is another's."""
    row = queries.proposal_row(proposal_id)
    return row if row is not None and row.course.code == code else None


def certificate_on(code: str, serial: str) -> CertificateRow | None:
    """A certificate of this course; None when it is another's."""
    row = queries.certificate_row(serial)
    return row if row is not None and row.course.code == code else None


def everything(**_arguments: Any) -> bool:
    """The loader of pages that show whatever their policy allows."""
    return True
