"""The import of results of tests: all or nothing, and the same file twice changes nothing."""

from __future__ import annotations

from collections import Counter

from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.errors import Refused
from trainer.core.tables import Column, ImportResult, Problems, Table, columns
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.dossier import queries
from trainer.dossier.policy import can_see_course
from trainer.dossier.rules import State, Thing, live
from trainer.dossier.services import Result, record_results
from trainer.people.rules import tidy_email

COLUMNS = (
    Column("email"),
    Column("test", aliases=("prova", "prueba", "examen")),
    Column("points", aliases=("punts", "puntos", "nota")),
    Column("date"),
)


def import_results(
    actor: Actor, course: Course, table: Table, file_name: str, dry_run: bool = False
) -> ImportResult:
    """Records every result that is not there yet: the same person, test, day and points are the same result.

    Raises Invalid with every error by row, Refused when the actor may not; then nothing is written.
    """
    if not can_see_course(actor, course):
        raise Refused(msg("You may not record results on this course."))
    sheet = columns(table, COLUMNS)
    problems = Problems(sheet)
    specs = {one.code: one for one in programme_of(course.programme_version_id).tests}
    today = clock.today(course.timezone)
    people = queries.enrolments_by_email(course.id)
    recorded = {
        key: [one for one in live(entries) if one.kind == Thing.TEST and one.state == State.TAKEN]
        for key, entries in queries.entries(course.id, [key for key, _ in people.values()]).items()
    }
    seen = {(key, one.code, one.on, one.points) for key, taken in recorded.items() for one in taken}
    attempts = Counter((key, one.code) for key, taken in recorded.items() for one in taken)
    own = _own(actor, course)
    results: list[Result] = []
    unchanged = 0
    for row in sheet.rows:
        before = len(problems)
        email = tidy_email(problems.required(row, "email")) or ""
        code = problems.choice(row, "test", specs)
        on = problems.date(row, "date", required=True)
        spec = specs.get(code)
        points = problems.integer(row, "points", 0, spec.out_of if spec else 100_000, required=True)
        enrolment_id, status = people.get(email.lower(), (0, ""))
        if email and (not enrolment_id or status == "invited"):
            problems.add(row, "email", msg("%(email)s is not on this course", email=email))
        if enrolment_id in own:
            problems.add(row, "email", msg("nobody records their own result"))
        if on is not None and on > today:
            problems.add(row, "date", msg("lies in the future"))
        if len(problems) > before or spec is None or on is None or points is None:
            continue
        if (enrolment_id, code, on, points) in seen:
            unchanged += 1
            continue
        seen.add((enrolment_id, code, on, points))
        attempts[enrolment_id, code] += 1
        if spec.attempts is not None and attempts[enrolment_id, code] > spec.attempts:
            problems.add(row, "test", msg("every attempt that the programme gives was taken"))
            continue
        results.append(Result(enrolment_id, code, points, on))
    problems.check()
    if results and not dry_run:
        record_results(actor, course, results)
    return ImportResult(added=len(results), unchanged=unchanged, warnings=sheet.warnings)


def _own(actor: Actor, course: Course) -> set[int]:
    return {
        one.enrolment_id
        for one in queries.members(course.id)
        if actor.person_id is not None and one.person_id == actor.person_id
    }
