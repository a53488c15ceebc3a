"""`trainer progress`: where everybody on a course stands."""

from __future__ import annotations

from datetime import datetime

import click

from trainer.cli.common import AnswerNo, actor_option, emit, format_option, print_table, with_app
from trainer.cohorts.queries import course_by_code
from trainer.core.access import Actor
from trainer.core.errors import Missing, Refused
from trainer.core.tables import write_csv
from trainer.core.text import msg
from trainer.progress.documents import progress_document, progress_table, word
from trainer.progress.policy import can_read_course
from trainer.progress.queries import end_of_day
from trainer.progress.queries import progress as load_progress
from trainer.progress.queries.everyone import people_who_passed


@click.command("progress")
@click.argument("code", metavar="COURSE")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="As it was on record at the end of that day, in the course's zone.",
)
@format_option("table", "json", "csv")
@with_app
@actor_option
def progress(code: str, as_of: datetime | None, output_format: str, actor: Actor) -> None:
    """Shows where everybody on COURSE stands: attendance, gates, and what is still possible."""
    course = course_by_code(code)
    if course is None:
        raise Missing(msg("There is no course %(code)s.", code=code))
    if not can_read_course(actor, course):
        raise Refused(msg("Progress of this course is for the staff of its provider."))
    found = load_progress(course, as_of=end_of_day(course, as_of.date()) if as_of else None)
    if output_format == "json":
        emit(progress_document(found))
        return
    if output_format == "csv":
        header, rows = progress_table(found, by_session=False)
        click.echo(write_csv(header, rows), nl=False)
        return
    gates = list(found.programme.gates)
    print_table(
        ["NAME", "STATUS", "ATTENDED", "SO FAR", "MAY MISS", "FORECAST", *(name.upper() for name in gates)],
        [
            [
                person.name,
                word(person.status),
                f"{person.attendance.credited_minutes}/{person.attendance.base_minutes} min",
                f"{person.attendance.percent_so_far} %" if person.attendance.percent_so_far else "-",
                f"{person.attendance.can_still_miss_minutes} min",
                person.attendance.forecast.value,
                *(person.gates[name].status.value for name in gates),
            ]
            for person in found.people
        ],
    )


@click.command("passed")
@click.argument("gate", metavar="GATE")
@format_option("table", "json", "csv")
@with_app
@actor_option
def passed(gate: str, output_format: str, actor: Actor) -> None:
    """Lists everybody who has passed GATE, over all courses that the actor can see. Exit code 1 when nobody has."""
    rows = people_who_passed(actor, gate)
    if output_format == "json":
        emit([{"course": course, "email": email, "name": name} for course, email, name in rows])
    elif output_format == "csv":
        click.echo(write_csv(["Course", "Email", "Name"], [list(row) for row in rows]), nl=False)
    elif rows:
        print_table(["COURSE", "EMAIL", "NAME"], [list(row) for row in rows])
    if not rows:
        raise AnswerNo


COMMANDS = [progress, passed]
