"""certificates propose|approve|issue|list|export|revoke|reinstate|reissue|renew|remind|verify."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from trainer.accreditation import queries, services
from trainer.accreditation.queries import CertificateRow
from trainer.accreditation.rules.checks import Result
from trainer.accreditation.rules.codes import dashed
from trainer.accreditation.rules.eligibility import Standing
from trainer.accreditation.rules.statuses import ANSWERS, REASONS, Answer, Reason, answer_of, span_words
from trainer.accreditation.services import Batch, Candidate
from trainer.audit.services import log_access
from trainer.cli.common import AnswerNo, actor_option, emit, format_option, print_table, with_app
from trainer.cohorts.models import Course
from trainer.cohorts.queries import course_by_code
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.errors import Invalid, Missing
from trainer.core.i18n import gettext as _
from trainer.core.i18n import say
from trainer.core.text import Text, msg

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def certificates() -> None:
    """From the proposal to a certificate that anybody can verify."""


def _course(code: str) -> Course:
    course = course_by_code(code)
    if course is None:
        raise Missing(msg("There is no course %(code)s.", code=code))
    return course


def _step(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments that propose, approve and issue share."""
    for option in (
        click.option("--person", "people", multiple=True, metavar="EMAIL", help="Only these people."),
        click.option(
            "--kind",
            default=services.KIND,
            show_default=True,
            help="Kind of certificate, such as accreditation or attendance.",
        ),
        click.argument("course"),
    ):
        command = option(command)
    return command


@certificates.command()
@_step
@format_option("text", "json")
@with_app
@actor_option
def propose(course: str, kind: str, people: tuple[str, ...], output_format: str, actor: Actor) -> None:
    """Proposes everybody who is eligible, or the people named, with the evidence as it stands."""
    _run(services.propose, actor, course, kind, people, output_format)


@certificates.command()
@_step
@format_option("text", "json")
@with_app
@actor_option
def approve(course: str, kind: str, people: tuple[str, ...], output_format: str, actor: Actor) -> None:
    """Approves the proposals that wait, or those of the people named."""
    _run(services.approve, actor, course, kind, people, output_format)


@certificates.command()
@_step
@format_option("text", "json")
@with_app
@actor_option
def issue(course: str, kind: str, people: tuple[str, ...], output_format: str, actor: Actor) -> None:
    """Issues what is approved; prints serial and code of each, also of those issued before."""
    _run(services.issue, actor, course, kind, people, output_format)


def _run(
    step: Callable[..., Batch],
    actor: Actor,
    code: str,
    kind: str,
    people: tuple[str, ...],
    output_format: str,
) -> None:
    course = _course(code)
    batch = step(actor, course, kind, services.enrolments_named(course, people))
    if output_format == "json":
        emit(
            {
                "done": [_told(one) for one in batch.done],
                "already": [_told(one) for one in batch.already],
                "refused": [_told(one) for one in batch.refused],
            }
        )
    else:
        for one in (*batch.done, *batch.already):
            click.echo("  ".join(part for part in _line(one) if part))
    refused = [one for one in batch.refused if people or one.standing is Standing.NAME or _held_up(one)]
    for one in refused:
        reasons = " ".join(say(reason) for reason in one.reasons) or _(
            "There is no proposal that waits for this."
        )
        click.echo(f"{one.email or one.name}: {reasons}", err=True)
    if not batch.done and not batch.already:
        raise AnswerNo("" if refused else _("There is nobody to do this for."))
    if people and batch.refused:
        raise AnswerNo("")


def _held_up(one: Candidate) -> bool:
    """A proposal that something stands against."""
    return one.standing in {Standing.PROPOSED, Standing.APPROVED} and bool(one.reasons)


def _line(one: Candidate) -> tuple[str, ...]:
    code = dashed(one.row.code) if one.row.code else ""
    return one.row.serial or "", code, one.email or one.name, "" if code else str(one.standing)


def _told(one: Candidate) -> dict[str, Any]:
    told: dict[str, Any] = {"email": one.email, "name": one.name, "standing": str(one.standing)}
    if one.row.code:
        told |= {"serial": one.row.serial, "code": dashed(one.row.code)}
    if one.reasons:
        told["reasons"] = [say(reason) for reason in one.reasons]
    return told


@certificates.command("list")
@click.argument("course")
@format_option("table", "json")
@with_app
def list_(course: str, output_format: str) -> None:
    """The certificates of a course, in the order of issue."""
    rows = queries.certificates_of_course(_course(course).id)
    if output_format == "json":
        emit([_row(row) for row in rows])
        return
    header = ["serial", "code", "email", "kind", "status"]
    print_table(header, [list(_row(row).values()) for row in rows])


def _row(row: CertificateRow) -> dict[str, Any]:
    return {
        "serial": row.serial,
        "code": dashed(row.code),
        "email": row.email or "",
        "kind": row.kind,
        "status": str(answer_of(row.status, row.expires_on, clock.today(), row.reinstated_from)),
    }


@certificates.command()
@click.argument("code")
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE.pdf")
@with_app
@actor_option
def export(code: str, target: Path, actor: Actor) -> None:
    """Writes the document, byte by byte as it was issued."""
    _name, data = services.export(actor, code)
    target.write_bytes(data)
    click.echo(str(target))


@certificates.command()
@click.argument("university")
@click.argument("year", type=click.IntRange(1, 9999))
@click.option("--to", "target", required=True, type=click.Path(path_type=Path), metavar="FILE.pdf|FILE.csv")
@with_app
@actor_option
def book(university: str, year: int, target: Path, actor: Actor) -> None:
    """Writes the registry book of a university's year, as its file's ending says."""
    found = queries.book_of(university, year)
    if found is None:
        raise Missing(
            msg("%(university)s gave out no number in %(year)s.", university=university, year=str(year))
        )
    make = {".pdf": services.book_pdf, ".csv": services.book_csv}.get(target.suffix.lower())
    if make is None:
        raise Invalid(msg("The file's name ends in .pdf or .csv."))
    target.write_bytes(make(actor, found.university, year))
    log_access(actor, "certificates book", {"university": found.university.code, "year": year})
    click.echo(str(target))


@certificates.command()
@click.argument("code")
@click.option(
    "--reason", required=True, metavar="REASON", help="Public: " + ", ".join(str(one) for one in Reason) + "."
)
@click.option("--note", default="", help="Private to the registrars.")
@with_app
@actor_option
def revoke(code: str, reason: str, note: str, actor: Actor) -> None:
    """Revokes a certificate; its code then answers so, with the reason."""
    services.revoke(actor, code, reason, note)
    click.echo(_("revoked"))


@certificates.command()
@click.argument("code")
@click.option(
    "--from", "from_day", type=DAY, metavar="YYYY-MM-DD", help="Valid again from this day; today if left out."
)
@with_app
@actor_option
def reinstate(code: str, from_day: datetime | None, actor: Actor) -> None:
    """Takes a revocation back; the code answers valid again, at once or from the day given."""
    day = from_day.date() if from_day else None
    services.reinstate(actor, code, day)
    if day is not None and day > clock.today():
        click.echo(_("valid from %(day)s on", day=day.isoformat()))
    else:
        click.echo(_("valid"))


@certificates.command()
@click.argument("code")
@format_option("text", "json")
@with_app
@actor_option
def reissue(code: str, output_format: str, actor: Actor) -> None:
    """Issues a certificate anew with the next serial; the old one is superseded."""
    _new(services.reissue(actor, code), output_format)


@certificates.command()
@click.argument("code")
@format_option("text", "json")
@with_app
@actor_option
def renew(code: str, output_format: str, actor: Actor) -> None:
    """Renews a certificate that ends, for a further period; the old one is superseded."""
    _new(services.renew(actor, code), output_format)


@certificates.command()
@format_option("text", "json")
@with_app
def remind(output_format: str) -> None:
    """Mails the holders of certificates that end soon, each reminder once; safe to repeat, once a day say."""
    told = services.remind()
    if output_format == "json":
        emit({"sent": told.sent, "without_address": told.without_address})
        return
    click.echo(
        _(
            "%(sent)d reminded, %(without)d without an address",
            sent=told.sent,
            without=told.without_address,
        )
    )


def _new(certificate_id: int, output_format: str) -> None:
    """Prints code and serial of a certificate that has just replaced another."""
    new_code, new_serial = queries.code_and_serial(certificate_id)
    if output_format == "json":
        emit({"serial": new_serial, "code": dashed(new_code)})
    else:
        click.echo(f"{new_serial}  {dashed(new_code)}")


@certificates.command()
@click.argument("code_or_file")
@format_option("text", "json")
@with_app
def verify(code_or_file: str, output_format: str) -> None:
    """What a code or a document answers; exit 0 only when it is valid."""
    path = Path(code_or_file)
    if _is_file(path):
        found = services.verify_file(path.read_bytes())
    elif path.suffix.lower() == ".pdf" or "/" in code_or_file:
        raise Invalid(msg("There is no file %(path)s.", path=code_or_file))
    else:
        found = services.verify(code_or_file)
    if output_format == "json":
        emit(found.document(say))
    else:
        said = ANSWERS[found.answer]
        words = say(Text(said.message, {"day": found.expires_on})) if found.expires_on else say(said)
        click.echo(f"{found.answer}: {words}")
        lines = [
            (_("Name"), found.name),
            (_("Certificate"), found.title),
            (_("Issued by"), found.university),
            (_("Serial number"), found.serial),
            (_("Reason"), say(REASONS[found.reason]) if found.reason else None),
        ]
        for label, value in lines:
            if value:
                click.echo(f"  {label}: {value}")
        if span := span_words(found):
            click.echo(f"  {say(span)}")
        if found.specimen:
            click.echo("  SPECIMEN")
        for one in found.checks:
            mark = {Result.YES: _("yes"), Result.NO: _("no")}.get(one.result, _("not checked"))
            click.echo(f"  [{mark}] {say(one.words)}")
    if found.answer is not Answer.VALID:
        raise AnswerNo("")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a path, or with a character that no path has
        return False


COMMANDS = [certificates]
