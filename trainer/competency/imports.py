"""The import of assessments: all or nothing, and the same file twice changes nothing."""

from __future__ import annotations

from sqlalchemy import func, select

from trainer.cohorts.models import Course, Enrolment
from trainer.competency import queries
from trainer.competency.policy import can_see_matrix
from trainer.competency.rules import Kind
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session, transaction
from trainer.core.errors import Refused
from trainer.core.tables import Column, ImportResult, Problems, Table, columns
from trainer.core.text import msg
from trainer.curriculum.queries import programme_of
from trainer.people.models import Person

COLUMNS = (
    Column("email"),
    Column("competency"),
    Column("level"),
    Column("kind"),
    Column("assessor"),
    Column("date"),
    Column("evidence", required=False),
)


def import_assessments(
    actor: Actor, course: Course, table: Table, file_name: str, dry_run: bool = False
) -> ImportResult:
    """Records every row that is not there yet; a row that differs in its evidence alone is the same row.

    Raises Invalid with every error by row, Refused when the actor may not assess on this course; then nothing is written.
    """
    if not can_see_matrix(actor, course):
        raise Refused(msg("You may not record assessments on this course."))
    sheet = columns(table, COLUMNS)
    problems = Problems(sheet)
    programme = programme_of(course.programme_version_id)
    today = clock.today(course.timezone)
    people = _people(course.id)
    assessors = _assessors({row["assessor"].lower() for row in sheet.rows})
    seen = queries.identities(course.id)
    too_close = queries.too_close_on_course(course.id)
    by_enrolment: dict[int, list[AssessmentInput]] = {}
    added = unchanged = 0
    for row in sheet.rows:
        email, assessor = problems.required(row, "email").lower(), problems.required(row, "assessor").lower()
        kind = problems.choice(row, "kind", [one.value for one in Kind])
        competency = problems.choice(row, "competency", programme.competency_codes)
        level = problems.choice(row, "level", programme.scale.codes)
        on = problems.date(row, "date", required=True)
        before = len(problems)
        enrolment_id = people.get(email)
        if email and enrolment_id is None:
            problems.add(row, "email", msg("%(email)s is not on this course", email=email))
        assessor_id = assessors.get(assessor)
        if assessor and assessor_id is None:
            problems.add(row, "assessor", msg("nobody here has the address %(email)s", email=assessor))
        if on is not None and on > today:
            problems.add(row, "date", msg("lies in the future"))
        if kind == Kind.SELF and email and assessor and email != assessor:
            problems.add(row, "assessor", msg("a self-assessment is the person's own"))
        if kind and kind != Kind.SELF and email and email == assessor:
            problems.add(row, "assessor", msg("nobody assesses themself, but for the self-assessment"))
        if len(problems) > before or not (
            kind and competency and level and on and enrolment_id and assessor_id
        ):
            continue
        identity = (enrolment_id, competency, level, kind, assessor_id, on)
        if identity in seen:
            unchanged += 1
            continue
        if kind != Kind.SELF and (assessor_id, enrolment_id) in too_close:
            # What was recorded before somebody declared it stays, and the same file again changes nothing.
            problems.add(row, "assessor", msg("declared to be too close to this person"))
            continue
        seen.add(identity)
        added += 1
        by_enrolment.setdefault(enrolment_id, []).append(
            AssessmentInput(competency, level, kind, assessor_id, on, evidence=row["evidence"] or None)
        )
    problems.check()
    if not dry_run and by_enrolment:
        with transaction():
            for enrolment_id, inputs in by_enrolment.items():
                record_assessments(actor, session.get_one(Enrolment, enrolment_id), inputs)
    return ImportResult(added=added, unchanged=unchanged, warnings=sheet.warnings)


def _people(course_id: int) -> dict[str, int]:
    rows = session.execute(
        select(func.lower(Person.email), Enrolment.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.course_id == course_id)
    )
    return {email: enrolment_id for email, enrolment_id in rows.tuples() if email}


def _assessors(emails: set[str]) -> dict[str, int]:
    rows = session.execute(
        select(func.lower(Person.email), Person.id).where(func.lower(Person.email).in_(emails))
    )
    return dict(rows.tuples().all())
