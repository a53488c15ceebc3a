"""The roster from a spreadsheet: enrols at once, mails nobody, and the same file again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from trainer.audit.services import record
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.policy import can_manage
from trainer.cohorts.queries import enrolments_of_people, known_elsewhere, people_by_email
from trainer.cohorts.rules import Status, code_from
from trainer.cohorts.services import change_status, enrol
from trainer.cohorts.services.moves import take_details
from trainer.core.access import Actor
from trainer.core.crypto import seal
from trainer.core.database import lock, transaction
from trainer.core.errors import Refused
from trainer.core.tables import Column, ImportResult, Problems, Row, Sheet, Table, columns
from trainer.core.text import Text, msg
from trainer.people.models import Organisation, Person
from trainer.people.queries import SEALED_FOR, national_id, organisations
from trainer.people.rules import (
    language_code,
    name_problem,
    national_id_problem,
    tidy_email,
    tidy_name,
    tidy_national_id,
    valid_email,
)
from trainer.people.services import add_organisation, add_person, rename

ROSTER = (
    Column("given_name"),
    Column("family_name"),
    Column("email"),
    Column("entity", required=False),
    Column("language", required=False),
    Column("joined_on", required=False),
    Column("certificate_name", required=False),
    Column("national_id", required=False),
)


@dataclass(frozen=True)
class RosterLine:
    """One checked row. A blank optional cell is None: it changes nothing."""

    number: int
    given_name: str
    family_name: str
    email: str
    entity: str | None
    language: str | None
    joined_on: date | None
    certificate_name: str | None
    national_id: str | None


def import_roster(
    actor: Actor, course: Course, table: Table, file_name: str, dry_run: bool = False
) -> ImportResult:
    """Enrols everyone in the table. All rows or none: Invalid lists every problem as `row N, column C: what`.

    People are known by their address; changed names and details are taken over, blank cells change nothing.
    An entity is known by code or name, and a new label becomes an organisation of that kind. Somebody only
    invited is enrolled; who left, paused or completed stays so. With `dry_run` nothing is written.
    Raises Refused for who is no organiser of the course.
    """
    if not can_manage(actor, course):
        raise Refused(msg("Only an organiser of the course imports its roster."))
    sheet = columns(table, ROSTER)
    lines = _checked(sheet)
    course_id, provider_id = course.id, course.organisation_id
    if dry_run:
        return _Roster(actor, course, provider_id, write=False).take(lines, list(sheet.warnings))
    with transaction():
        row = lock(Course, course_id)
        result = _Roster(actor, row, provider_id, write=True).take(lines, list(sheet.warnings))
        if result.added or result.changed:
            record(
                actor, "roster.imported", f"course:{course_id}", added=result.added, changed=result.changed
            )
    return result


def _checked(sheet: Sheet) -> list[RosterLine]:
    problems = Problems(sheet)
    lines: list[RosterLine] = []
    first_row: dict[str, int] = {}
    for row in sheet.rows:
        given = tidy_name(problems.required(row, "given_name"))
        family = tidy_name(problems.required(row, "family_name"))
        email = tidy_email(problems.required(row, "email"))
        certificate = tidy_name(row["certificate_name"])
        for column, value in (
            ("given_name", given),
            ("family_name", family),
            ("certificate_name", certificate),
        ):
            if what := name_problem(value):
                problems.add(row, column, what)
        if email and not valid_email(email):
            problems.add(row, "email", msg("%(value)s is not an address of mail", value=row["email"][:80]))
        elif email and email in first_row:
            problems.add(row, "email", msg("is in row %(row)s too", row=str(first_row[email])))
        first_row.setdefault(email, row.number)
        lines.append(
            RosterLine(
                row.number,
                given,
                family,
                email,
                tidy_name(row["entity"]) or None,
                _language(row, problems),
                problems.date(row, "joined_on"),
                certificate or None,
                _national_id(row, problems),
            )
        )
        if len(tidy_name(row["entity"])) > 200:
            problems.add(row, "entity", msg("is longer than %(limit)s characters", limit="200"))
    problems.check()
    return lines


def _language(row: Row, problems: Problems) -> str | None:
    if not row["language"]:
        return None
    code = language_code(row["language"])
    if code is None:
        problems.add(row, "language", msg("is none of ca, es, en"))
    return code


def _national_id(row: Row, problems: Problems) -> str | None:
    if not row["national_id"]:
        return None
    number = tidy_national_id(row["national_id"])
    # The number itself is never repeated in a message: messages are shown, printed and kept in logs.
    if what := national_id_problem(number):
        problems.add(row, "national_id", what)
    return number


class _Roster:
    """Takes checked lines over; without `write` it only counts what would happen."""

    def __init__(self, actor: Actor, course: Course, provider_id: int, *, write: bool) -> None:
        self.actor, self.course, self.provider_id, self.write = actor, course, provider_id, write
        self.warnings: list[Text] = []
        self.known = organisations()
        self.new_labels: set[str] = set()

    def take(self, lines: list[RosterLine], warnings: list[Text]) -> ImportResult:
        self.warnings = warnings
        people = people_by_email(line.email for line in lines)
        ids = [person.id for person in people.values()]
        enrolments = enrolments_of_people(self.course.id, ids)
        elsewhere = known_elsewhere(ids, self.provider_id)
        added = changed = unchanged = 0
        for line in lines:
            person = people.get(line.email)
            enrolment = enrolments.get(person.id) if person else None
            entity = self.entity(line.entity)
            touched = False
            if person is None:
                person = self.new_person(line)
            else:
                touched = self.update_person(person, line, person.id in elsewhere)
            if enrolment is None:
                added += 1
                if self.write and person is not None:
                    enrol(self.actor, self.course, person, entity, line.joined_on, note_code="import")
                continue
            touched = self.update_enrolment(enrolment, line, entity) or touched
            changed, unchanged = changed + touched, unchanged + (not touched)
        for label in sorted(self.new_labels):
            self.warnings.append(msg("%(name)s is new: it becomes an organisation of its own.", name=label))
        return ImportResult(added, changed, unchanged, self.warnings)

    def entity(self, label: str | None) -> Organisation | None:
        """The organisation of a code or name; a new one for a label that nobody knows (None in a dry run)."""
        if label is None:
            return None
        wanted = label.casefold()
        for one in self.known:
            if wanted in {one.code.casefold(), one.name.casefold()}:
                return one
        if not self.write:
            self.new_labels.add(label)
            return None
        made = add_organisation(
            self.actor,
            code_from(label, (one.code for one in self.known)),
            label,
            "entity",
            entity_for_import=True,
        )
        self.new_labels.add(label)
        self.known.append(made)
        return made

    def new_person(self, line: RosterLine) -> Person | None:
        if not self.write:
            return None
        return add_person(
            self.actor,
            line.given_name,
            line.family_name,
            line.email,
            certificate_name=line.certificate_name,
            language=line.language,
            national_id=line.national_id,
        )

    def update_person(self, person: Person, line: RosterLine, elsewhere: bool) -> bool:
        """True when the row says something new of a person who is known already."""
        renamed = (person.given_name, person.family_name) != (line.given_name, line.family_name)
        recertified = line.certificate_name is not None and line.certificate_name != person.certificate_name
        renumbered = line.national_id is not None and national_id(person) != line.national_id
        respoken = line.language is not None and line.language != person.language
        if elsewhere and (renamed or recertified or renumbered or respoken):
            self.warnings.append(
                msg("row %(row)s: the person's own details were left as they are.", row=str(line.number))
            )
            return False
        if recertified and person.certificate_name_confirmed_at is not None:
            self.warnings.append(
                msg(
                    "row %(row)s: the person has confirmed another certificate name, which stays.",
                    row=str(line.number),
                )
            )
            recertified = False
        if not (renamed or recertified or renumbered or respoken):
            return False
        if self.write:
            what = rename(person, line.given_name, line.family_name)
            if recertified and line.certificate_name:
                person.certificate_name = line.certificate_name
                what.append("certificate_name")
            if renumbered and line.national_id:
                person.national_id_encrypted = seal(line.national_id, SEALED_FOR)
                what.append("national_id")
            if respoken:
                person.language = line.language
                what.append("language")
            record(self.actor, "person.changed", f"person:{person.id}", what=what)
        return True

    def update_enrolment(self, enrolment: Enrolment, line: RosterLine, entity: Organisation | None) -> bool:
        """True when the row says something new of an enrolment that is there already."""
        if enrolment.status == Status.WITHDRAWN:
            self.warnings.append(
                msg("row %(row)s: this person left the course, and stays so.", row=str(line.number))
            )
        arriving = enrolment.status == Status.INVITED
        joined = line.joined_on if line.joined_on not in {None, enrolment.joined_on} else None
        moved = line.entity is not None and (entity is None or entity.id != enrolment.entity_id)
        if not (arriving or joined or moved):
            return False
        if self.write:
            if joined or moved:
                take_details(
                    self.actor,
                    enrolment,
                    joined or enrolment.joined_on,
                    entity.id if entity else enrolment.entity_id,
                )
            if arriving:
                joined_on = enrolment.joined_on or self.course.starts_on
                change_status(self.actor, enrolment, Status.ENROLLED, joined_on, "import")
        return True
