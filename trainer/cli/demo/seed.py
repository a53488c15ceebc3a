"""Plays two courses through the services that people use, at the moments when they would have."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from trainer.accreditation import services as accreditation
from trainer.accreditation.models import Certificate
from trainer.accreditation.queries import university_by_code
from trainer.accreditation.services import keys
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.cli.demo import data
from trainer.cli.demo.depth import play_another_programme, play_between_sessions, play_joining
from trainer.cli.demo.practice import play_placements
from trainer.cohorts import services as cohorts
from trainer.cohorts.models import Course, Enrolment
from trainer.competency.rules import Kind
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.curriculum.queries import programme_of
from trainer.gates.services import waive
from trainer.people.models import Organisation, Person
from trainer.people.queries import actor_for_email
from trainer.people.services import add_organisation, add_person, add_user
from trainer.people.signin import command_actor
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import plan, set_trainers

TRAINEE = data.SECOND_EDITION[0].email
GRADUATE = data.FIRST_EDITION[0].email
ZONE = "Europe/Madrid"
LEVELS = ("achieved", "achieved", "leading", "achieved", "achieved", "achieved", "leading")


@dataclass
class Cast:
    """Everybody who acts in the demo; `people` by role, and the reference professional of a host by its code."""

    system: Actor
    organisations: dict[str, Organisation]
    people: dict[str, Person] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        """The actor of a member of staff, by role."""
        return actor_for_email(str(self.people[role].email))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stands at `moment`, but never later than now."""
    with clock.frozen(min(moment, datetime.now(UTC))):
        yield


def seed() -> None:
    """The organisations, the staff, the first edition as it went, and the second at week six."""
    today = clock.today(ZONE)
    first_start = _tuesday(today - timedelta(weeks=50))
    with at(_noon(first_start - timedelta(weeks=6))):
        cast = _cast()
    _first_edition(cast, first_start)
    _second_edition(cast, today)
    play_another_programme(cast, today)
    play_joining(cast, today)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(11), UTC)


def _tuesday(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 1) % 7)


def _cast() -> Cast:
    system = command_actor()
    organisations: dict[str, Organisation] = {}
    for code, name, kind in (
        (*data.PROVIDER, "provider"),
        (*data.UNIVERSITY, "university"),
        *((code, name, "host") for code, name in data.HOSTS),
        *((code, name, "entity") for code, name in data.ENTITIES),
    ):
        organisations[code] = add_organisation(system, code, name, kind)
    cast = Cast(system, organisations)
    for role, given, family, place, local, language, lived in data.STAFF:
        person = add_user(
            system, f"{local}@example.org", f"{given} {family}", role, place, lived_experience=lived
        )
        person.given_name, person.family_name, person.language = given, family, language
        session.flush()
        cast.people.setdefault(role, person)
        cast.people[str(place)] = person
    return cast


def _course(
    cast: Cast, code: str, title: str, start: date, people: tuple[data.Trainee, ...]
) -> tuple[Course, list[Enrolment]]:
    """A course with its sessions and people, eight from each entity."""
    with at(_noon(start - timedelta(weeks=4))):
        course = cohorts.create_course(
            cast.system,
            code=code,
            programme="peer-support-worker",
            organisation=data.PROVIDER[0],
            university=data.UNIVERSITY[0],
            title=title,
            starts_on=start,
            timezone=ZONE,
            specimen=True,
            support_contact=cast.people["organiser"],
        )
        plan(cast.system, course, first=start, time=time(10), venues=list(data.VENUES))
        for row in sessions_of(course.id):
            set_trainers(cast.system, session.get_one(Session, row.id), [cast.people["trainer"].id])
        enrolments = []
        for number, one in enumerate(people):
            person = add_person(
                cast.system,
                given_name=one.given_name,
                family_name=one.family_name,
                email=one.email,
                language=one.language,
                certificate_name=one.certificate_name,
            )
            entity = cast.organisations[data.ENTITIES[number % 2][0]]
            enrolments.append(
                cohorts.enrol(cast.actor("organiser"), course, person, entity=entity, joined_on=start)
            )
    with at(_noon(start)):
        for enrolment in enrolments:
            cohorts.give_consent(_person_actor(enrolment.person), enrolment)
        cohorts.update_course(cast.actor("organiser"), course, status="running")
    return course, enrolments


def _person_actor(person: Person) -> Actor:
    return Actor(person_id=person.id, name=person.display_name)


def _mark(letter: str) -> MarkInput:
    kinds = {"P": MarkKind.PRESENT, "A": MarkKind.ABSENT, "X": MarkKind.EXCUSED, "U": MarkKind.UNMARKED}
    if letter[0] in "LE":
        return MarkInput(MarkKind.LATE if letter[0] == "L" else MarkKind.LEFT_EARLY, int(letter[1:]))
    return MarkInput(kinds[letter])


def _teach(
    cast: Cast,
    course: Course,
    people: tuple[data.Trainee, ...],
    enrolments: list[Enrolment],
    held: int,
    after: Callable[[int, datetime], None],
) -> None:
    """Holds the first `held` sessions: registers at their end, assessments two days later, then what `after` does."""
    programme = programme_of(course.programme_version_id)
    for index, row in enumerate(sessions_of(course.id)[:held]):
        end = row.starts_at + timedelta(minutes=row.minutes)
        marks = {
            enrolment.id: _mark(letter)
            for one, enrolment in zip(people, enrolments, strict=True)
            if (letter := one.marks.split()[index]) not in "-"
        }
        with at(end):
            save_register(cast.actor("trainer"), session.get_one(Session, row.id), marks)
        module = programme.modules[index]
        for number, (one, enrolment) in enumerate(zip(people, enrolments, strict=True)):
            letter = one.marks.split()[index]
            if letter[0] in "AXU-" and one.story not in ("completed", "in_placement", "no_placement"):
                continue
            with at(end + timedelta(days=2)):
                _assess(cast, enrolment, one, module, number, index)
        after(index, end)


def _assess(
    cast: Cast, enrolment: Enrolment, one: data.Trainee, module: Any, number: int, index: int
) -> None:
    today = clock.today(ZONE)
    assessor = cast.people["assessor" if (number + index) % 3 else "trainer"]
    kind = Kind.ASSESSOR if assessor is cast.people["assessor"] else Kind.PEER_ASSESSOR
    inputs, own = [], []
    for place, competency in enumerate(module.competencies):
        level = LEVELS[(number + 2 * index + place) % len(LEVELS)]
        if one.story == "one_competency" and index == 6 and place == 0:
            level = "emerging"
        if one.story in ("thin", "unreachable") and place == 0:
            level = "emerging"
        inputs.append(AssessmentInput(competency.code, level, kind, assessor.id, today))
        if number % 3 == 0:
            own_level = "emerging" if (index + place) % 3 == 0 else "achieved"
            own.append(AssessmentInput(competency.code, own_level, Kind.SELF, enrolment.person_id, today))
    record_assessments(cast.actor("assessor" if kind == Kind.ASSESSOR else "trainer"), enrolment, inputs)
    if own:
        record_assessments(_person_actor(enrolment.person), enrolment, own)


def _first_edition(cast: Cast, start: date) -> None:
    people = data.FIRST_EDITION
    course, enrolments = _course(cast, "SUPORT-1", "Suport entre iguals, 1a edició", start, people)
    organiser = cast.actor("organiser")

    def after(index: int, end: datetime) -> None:
        for one, enrolment in zip(people, enrolments, strict=True):
            if one.story == f"left_at_{index + 1}":
                with at(end + timedelta(days=3)):
                    cohorts.withdraw(organiser, enrolment)

    _teach(cast, course, people, enrolments, 10, after)
    last = sessions_of(course.id)[-1].starts_at
    _university(cast, last)
    with at(last + timedelta(weeks=2)):
        # One waits: her documents came later, and the proposal is on the registrar's table today.
        waiting = next(e.id for one, e in zip(people, enrolments, strict=True) if one.story == "in_placement")
        accreditation.propose(
            organiser, course, "accreditation", [e.id for e in enrolments if e.id != waiting]
        )
    with at(last + timedelta(weeks=3)):
        registrar = cast.actor("registrar")
        accreditation.approve(registrar, course, "accreditation")
        accreditation.issue(registrar, course, "accreditation")
    play_placements(cast, course, people, enrolments, last.date() + timedelta(weeks=4))
    finished = last + timedelta(weeks=4 + 27)
    with at(finished):
        for one, enrolment in zip(people, enrolments, strict=True):
            if one.story == "completed":
                cohorts.complete(organiser, enrolment)
        accreditation.propose(organiser, course, "completion")
    with at(finished + timedelta(weeks=1)):
        accreditation.approve(registrar, course, "completion")
        accreditation.issue(registrar, course, "completion")
    with at(finished + timedelta(weeks=2)):
        # One certificate under a corrected name, and one that its holder asked to take back: both stay verifiable.
        enrolments[4].person.certificate_name = "Pol Solà-Morales Riera"
        session.flush()
        accreditation.reissue(registrar, _code(enrolments[4]))
        accreditation.revoke(registrar, _code(enrolments[11]), "holder_request", "Ho ha demanat per escrit.")
    with at(clock.now() - timedelta(days=2)):
        accreditation.propose(organiser, course, "accreditation", [waiting])


def _code(enrolment: Enrolment) -> str:
    """The code of the person's accreditation."""
    return session.scalars(
        select(Certificate.code).where(
            Certificate.enrolment_id == enrolment.id, Certificate.kind == "accreditation"
        )
    ).one()


def _university(cast: Cast, moment: datetime) -> None:
    with at(moment):
        university = university_by_code(data.UNIVERSITY[0])
        assert university is not None
        accreditation.save_profile(
            cast.actor("registrar"),
            university,
            city="Vic",
            accent="#7a2f3d",
            signatories=data.SIGNATORIES,
            logo=_logo(),
        )
        keys.create_test_authority(cast.actor("registrar"), university)


def _logo() -> bytes:
    """A made-up mark of the made-up university: a shield, a river and three stars."""
    picture = Image.new("RGBA", (600, 600), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    shield = [(90, 60), (510, 60), (510, 330), (470, 430), (300, 560), (130, 430), (90, 330)]
    draw.polygon(shield, fill=(122, 47, 61, 255))
    for row in range(3):
        top = 330 + 60 * row
        points = [(60 + 30 * step, top + (14 if step % 2 else -14)) for step in range(17)]
        inside = [(x, y) for x, y in points if 118 + 34 * row < x < 482 - 34 * row]
        draw.line(inside, fill=(255, 255, 255, 255), width=16, joint="curve")
    for x in (190, 300, 410):
        draw.ellipse((x - 34, 140, x + 34, 208), fill=(240, 205, 140, 255))
    data_out = io.BytesIO()
    picture.save(data_out, "PNG")
    return data_out.getvalue()


def _second_edition(cast: Cast, today: date) -> None:
    people = data.SECOND_EDITION
    start = _second_start(today)
    course, enrolments = _course(cast, "SUPORT-2", "Suport entre iguals, 2a edició", start, people)
    organiser = cast.actor("organiser")

    def after(index: int, end: datetime) -> None:
        for one, enrolment in zip(people, enrolments, strict=True):
            with at(end + timedelta(days=3)):
                if one.story == f"left_at_{index + 1}":
                    cohorts.withdraw(organiser, enrolment)
                if one.story == "paused" and index == 2:
                    cohorts.pause(organiser, enrolment)

    held = sum(row.starts_at + timedelta(minutes=row.minutes) < clock.now() for row in sessions_of(course.id))
    _teach(cast, course, people, enrolments, min(held, 5), after)
    waived = next(e for one, e in zip(people, enrolments, strict=True) if one.story == "waiver")
    waive(
        organiser,
        waived,
        "placement",
        None,
        "Comença la pràctica abans: ja havia fet 30 hores de suport entre iguals a l’entitat.",
    )
    play_placements(cast, course, people, enrolments, today - timedelta(days=10))
    play_between_sessions(cast, course, enrolments)


def _second_start(today: date) -> date:
    """The Tuesday from which exactly five sessions lie behind today; holidays push it back."""
    from trainer.scheduling.rules import PlannedModule, PlanVenue, plan_weekly
    from trainer.scheduling.services.holidays import public_holiday

    for weeks in range(4, 12):
        start = _tuesday(today) - timedelta(weeks=weeks)
        laid = plan_weekly(
            start,
            time(10),
            [PlannedModule(str(number), 240) for number in range(10)],
            [PlanVenue(name, "ES-CT") for name in data.VENUES],
            ZONE,
            holiday=public_holiday,
        )
        if sum(slot.starts_local.date() < today for slot in laid.slots) >= 5:
            return start
    raise RuntimeError("no start was found")
