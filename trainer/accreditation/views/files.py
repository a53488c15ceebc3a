"""What registrars and organisers take away of their lists as CSV and as workbooks. Nobody's words are in them: neither
messages nor the private note of a revocation."""

from __future__ import annotations

from datetime import date, datetime

from flask import request
from werkzeug.wrappers import Response

from trainer.accreditation import queries, services
from trainer.accreditation.models import CertificateEvent
from trainer.accreditation.policy import can_decide, can_keep, can_open_registry, can_see_eligibility
from trainer.accreditation.queries import CertificateRow, University
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.services.eligibility import Candidate
from trainer.accreditation.views.base import (
    bp,
    certificate_answer,
    event_word,
    everything,
    kind_asked,
    kind_titles,
    revocation_words,
    written_day,
)
from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import access, current_actor
from trainer.core.i18n import gettext as _
from trainer.core.i18n import localised, ngettext, say
from trainer.core.web import chip_word, file_form, of_file, table_file


@bp.get("/registry.<any(csv, xlsx):form>")
@access(load=of_file(everything), read=can_open_registry)
def registry_file(_thing: bool) -> Response:
    """The courses of the actor's universities in counts."""
    names = {one.id: one.name for one in queries.universities(current_actor())}
    header = [
        *(_("University"), _("Code"), _("Course"), _("First day")),
        *(_("To approve"), _("To issue"), _("Certificates"), _("To review")),
    ]
    rows = [
        [
            *(names[one.course.university_id], one.course.code, one.course.title, one.course.starts_on),
            *(one.proposed, one.approved, one.issued, one.flagged),
        ]
        for one in queries.course_counts(list(names))
    ]
    return table_file("registry", file_form(), header, rows)


@bp.get("/registry/universities/<university>/certificates.<any(csv, xlsx):form>")
@access(load=of_file(queries.university_by_code), read=can_keep)
def registry_certificates_file(thing: University) -> Response:
    """Every certificate of the university, or those whose serial begins so, or those that end about now."""
    ending = request.args.get("show") == "ending"
    if ending:
        found = queries.ending_certificates(thing.id, clock.today())
    else:
        found = queries.university_certificates(thing.id, request.args.get("serial", "")[:60])
    header = [
        *(_("Serial"), _("Name"), _("Course"), _("Certificate"), _("Status"), _("To review")),
        _("Good until") if ending else _("Issued on"),
    ]
    rows = [
        [
            *(one.serial, one.name, one.course.code, one.title, chip_word(certificate_answer(one))),
            *(_("yes") if one.flagged_at else "", one.expires_on if ending else one.issued_on),
        ]
        for one in found
    ]
    return table_file(f"{thing.code}-certificates", file_form(), header, rows)


@bp.get("/registry/certificates/<serial>.<any(csv, xlsx):form>")
@access(load=of_file(queries.certificate_row), read=can_keep)
def registry_certificate_file(thing: CertificateRow) -> Response:
    """The history of one certificate, oldest first."""
    rows = [
        [clock.wall_time(event.at), event_word(event.event), _reason(event), by]
        for event, by in queries.events_of(thing.id)
    ]
    header = [_("When"), _("What"), _("Reason"), _("Who")]
    return table_file(f"{thing.serial}-history", file_form(), header, rows)


def _reason(event: CertificateEvent) -> str:
    """The public reason, or what the product itself wrote; a registrar's own words are left where they are."""
    if event.reason_code:
        return revocation_words(event.reason_code)
    if event.note and event.event == "reinstated":
        return str(_("Valid again from %(day)s", day=written_day(event.note)))
    if event.note and event.event == "reminded":
        return str(ngettext("%(num)d day before", "%(num)d days before", int(event.note)))
    return ""


@bp.get("/registry/courses/<code>.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_decide)
def registry_course_file(thing: Course) -> Response:
    """The proposals of a course, then its certificates: a row for each."""
    titles = {kind: localised(title) for kind, title in kind_titles(thing)}
    header = [
        *(_("Name on the certificate"), _("Confirmed on"), _("Certificate"), _("Status")),
        *(
            _("Proposed on"),
            _("Proposed by"),
            _("Approved on"),
            _("Approved by"),
            _("Serial"),
            _("Issued on"),
        ),
    ]
    rows: list[list[object]] = [
        [
            *(one.certificate_name, _day(one.confirmed_at, thing), titles.get(one.kind, one.kind)),
            *(chip_word(one.status), _day(one.proposed_at, thing), one.proposed_by),
            *(_day(one.approved_at, thing), one.approved_by, "", None),
        ]
        for one in queries.open_proposals(thing.id)
    ]
    rows += [
        [one.name, None, "", chip_word("closed"), _day(one.proposed_at, thing), "", None, "", "", None]
        for one in queries.closed_proposals(thing.id)
        if one.status != "issued"  # those stand below, with their serials
    ]
    rows += [
        [
            *(row.name, None, titles.get(row.kind, row.kind), _status(row)),
            *(None, "", None, "", row.serial, row.issued_on),
        ]
        for row in queries.certificates_of_course(thing.id)
    ]
    return table_file(f"{thing.code}-certificates", file_form(), header, rows)


@bp.get("/courses/<code>/accreditation.<any(csv, xlsx):form>")
@access(load=of_file(course_by_code), read=can_see_eligibility)
def course_file(thing: Course) -> Response:
    """Everybody's standing with one kind of certificate, with why not yet and what was issued. The name for certificates
    is told, as on the page, of who is eligible and of what was issued: it need not be the one that somebody goes by."""
    kind = kind_asked(thing)
    certificates = {row.serial: row for row in queries.certificates_of_course(thing.id) if row.kind == kind}
    header = [
        *(_("Name"), _("Name on the certificate"), _("Confirmed on"), _("Standing"), _("Why")),
        *(_("Serial"), _("Status"), _("Issued on")),
    ]
    rows: list[list[object]] = []
    for one in services.eligible(thing, kind) if kind else []:
        issued = certificates.pop(one.row.serial, None) if one.row.serial else None
        rows.append(
            [
                *(one.name, *_written(one, thing, issued), _standing(one)),
                "" if _has_left(one) else "\n".join(say(reason) for reason in one.reasons),
                *((issued.serial, _status(issued), issued.issued_on) if issued else ("", "", None)),
            ]
        )
    # What was replaced or revoked before: on the page too, under what was issued.
    rows += [
        [row.name, row.name, None, "", "", row.serial, _status(row), row.issued_on]
        for row in certificates.values()
    ]
    return table_file(f"{thing.code}-accreditation", file_form(), header, rows)


def _written(one: Candidate, course: Course, issued: CertificateRow | None) -> tuple[str, date | None]:
    """The name on the certificate, and the day on which it was confirmed while it is still to be issued."""
    if issued is not None:
        return issued.name, None
    return (
        (one.row.certificate_name, _day(one.row.confirmed_at, course))
        if one.eligibility.can_propose
        else ("", None)
    )


def _has_left(one: Candidate) -> bool:
    """Whether nothing more is decided of them: they left, and nothing was proposed or issued."""
    return one.row.enrolment_status == "withdrawn" and one.standing in (
        Standing.NOT_YET,
        Standing.UNREACHABLE,
    )


def _standing(one: Candidate) -> str:
    if _has_left(one):
        return chip_word("withdrawn")
    if one.standing is Standing.NAME:
        return str(_("Name to settle"))
    if one.standing is Standing.ELIGIBLE:
        return str(_("Eligible"))
    return chip_word(one.standing)


def _status(row: CertificateRow) -> str:
    said = chip_word(certificate_answer(row))
    return f"{said}, {chip_word('flagged').lower()}" if row.flagged_at else said


def _day(moment: datetime | None, course: Course) -> date | None:
    """The day of a moment where the course is."""
    at = clock.wall_time(moment, course.timezone)
    return at and at.date()
