"""Commands on courses."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

from trainer.audit.services import record
from trainer.cohorts import rules
from trainer.cohorts.models import Course
from trainer.cohorts.policy import can_create_for
from trainer.cohorts.queries import course_code_taken
from trainer.cohorts.rules import CourseStatus
from trainer.cohorts.services.moves import managers_only
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import Text, msg
from trainer.curriculum.services import pin
from trainer.people.models import Organisation, Person
from trainer.people.queries import organisation_by_code
from trainer.people.rules import tidy_name


def create_course(
    actor: Actor,
    code: str,
    programme: str,
    organisation: Organisation | str,
    university: Organisation | str,
    title: str,
    starts_on: date,
    timezone: str = "Europe/Madrid",
    *,
    language: str = "ca",
    ends_on: date | None = None,
    support_contact: Person | None = None,
    specimen: bool = False,
) -> Course:
    """A course of the programme as its files stand now, pinned by hash: later edits change nothing here.

    Raises Invalid for a code that is taken or cannot stand in an address, for organisations that are unknown
    or of another kind, for an unknown zone; Refused when the actor is no organiser of the provider.
    """
    code, title = code.strip(), tidy_name(title)
    problems: list[Text] = []
    if not rules.valid_code(code):
        problems.append(msg("A code has letters, digits and hyphens, at most 40."))
    elif course_code_taken(code):
        problems.append(msg("The code %(code)s is taken.", code=code))
    if not title or len(title) > 200:
        problems.append(msg("A course needs a title of at most 200 characters."))
    provider = _organisation(organisation, ("provider", "university"), problems)
    awarding = _organisation(university, ("university",), problems)
    if timezone not in available_timezones():
        problems.append(msg("There is no time zone %(zone)s.", zone=timezone))
    if language not in {"ca", "es", "en"}:
        problems.append(msg("A language is ca, es or en."))
    if problems or provider is None or awarding is None:
        raise Invalid(msg("The course was not created."), problems)
    provider_id, awarding_id = provider.id, awarding.id
    if not can_create_for(actor, provider_id):
        raise Refused(msg("Only an organiser of the provider creates its courses."))
    contact_id = support_contact.id if support_contact else None
    # Reading the programme's files takes a while: not inside the transaction that holds the database.
    version = pin(programme)
    version_id, version_hash = version.id, version.hash
    with transaction() as current:
        if course_code_taken(code):
            raise Invalid(msg("The code %(code)s is taken.", code=code))
        course = Course(
            code=code,
            title=title,
            programme_version_id=version_id,
            organisation_id=provider_id,
            university_id=awarding_id,
            timezone=timezone,
            starts_on=starts_on,
            ends_on=ends_on,
            language=language,
            status=(
                CourseStatus.PLANNED if starts_on > clock.today(timezone) else CourseStatus.RUNNING
            ).value,
            specimen=specimen,
            support_contact_id=contact_id,
            created_at=clock.now(),
        )
        current.add(course)
        current.flush()
        record(actor, "course.created", f"course:{course.id}", code=code, programme=version_hash)
    return course


def update_course(
    actor: Actor,
    course: Course,
    *,
    title: str | None = None,
    status: str | None = None,
    language: str | None = None,
    ends_on: date | None = None,
    support_contact_id: int | None = None,
) -> Course:
    """Changes what may change while a course runs; None leaves a value as it is. The programme stays."""
    if status is not None and status not in set(CourseStatus):
        raise Invalid(msg("A course is planned, running or closed."))
    if title is not None and not 0 < len(tidy_name(title)) <= 200:
        raise Invalid(msg("A course needs a title of at most 200 characters."))
    with transaction():
        row = lock(Course, course.id)
        managers_only(actor, row)
        wanted = {
            "title": tidy_name(title) if title is not None else None,
            "status": status,
            "language": language,
            "ends_on": ends_on,
            "support_contact_id": support_contact_id,
        }
        changed = [key for key, value in wanted.items() if value is not None and getattr(row, key) != value]
        for key in changed:
            setattr(row, key, wanted[key])
        if changed:
            record(actor, "course.changed", f"course:{row.id}", what=changed, status=row.status)
    return row


def _organisation(
    which: Organisation | str, kinds: tuple[str, ...], problems: list[Text]
) -> Organisation | None:
    found = organisation_by_code(which) if isinstance(which, str) else which
    if found is None:
        problems.append(msg("There is no organisation with the code %(code)s.", code=str(which)))
    elif found.kind not in kinds:
        problems.append(msg("%(code)s is not an organisation of the needed kind.", code=found.code))
        return None
    return found
