"""A small, whole world made through the services: one course, its people, the institutions around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.services import create_course, enrol
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.people.models import Organisation, Person
from trainer.people.queries import actor_for_email, organisation_by_code, person_by_email
from trainer.people.services import add_organisation, add_person, add_user
from trainer.scheduling.services import plan

SYSTEM = Actor(system=True, os_user="tests")
ROLES = (
    "admin",
    "organiser",
    "trainer",
    "assessor",
    "registrar",
    "reference",
    "other_organiser",
    "other_registrar",
)


@dataclass
class World:
    """The course and its people; `trainees` are enrolments in the order of their names."""

    course: Course
    organisation: Organisation
    university: Organisation
    host: Organisation
    staff: dict[str, Person]
    trainees: list[Enrolment] = field(default_factory=list)

    def actor(self, role: str) -> Actor:
        """The actor of a role, or of "trainee" (the first one) and "other_trainee"."""
        trainee = self.trainees[1 if role == "other_trainee" else 0]
        return actor_for_email(str(self.staff.get(role, trainee.person).email))

    def person_id(self, role: str) -> int | None:
        """The person's id of a role; "trainee", "other_trainee"; None for "visitor"."""
        if role == "visitor":
            return None
        if role == "trainee":
            return self.trainees[0].person_id
        if role == "other_trainee":
            return self.trainees[1].person_id
        return self.staff[role].id

    def __getattr__(self, name: str) -> Any:
        staff = self.__dict__.get("staff", {})
        if name in staff:
            return staff[name]
        raise AttributeError(name)


MADE = datetime(2026, 1, 1, 12, tzinfo=UTC)
"""When the world that tests begin in was made (tests/conftest.py)."""


def make_world(trainees: int = 3, code: str = "TEST-1", starts_on: date = date(2026, 9, 8)) -> World:
    """Provider PROV, university UNI, host HOST, a stranger of each kind, and a course of weekly sessions.

    Every second trainee comes from entity ENT. Called twice, the second world has only a further course.
    """
    organisation = organisation_by_code("PROV") or add_organisation(
        SYSTEM, "PROV", "Associació de Prova", "provider"
    )
    university = organisation_by_code("UNI") or add_organisation(
        SYSTEM, "UNI", "Universitat de Prova", "university"
    )
    host = organisation_by_code("HOST") or add_organisation(SYSTEM, "HOST", "Servei de Prova", "host")
    if organisation_by_code("OTHER") is None:
        add_organisation(SYSTEM, "OTHER", "Una altra entitat", "provider")
        add_organisation(SYSTEM, "OTHERUNI", "Una altra universitat", "university")
    places = {
        "admin": ("admin", None),
        "organiser": ("organiser", "PROV"),
        "trainer": ("trainer", "PROV"),
        "assessor": ("assessor", "PROV"),
        "registrar": ("registrar", "UNI"),
        "reference": ("supervisor", "HOST"),
        "other_organiser": ("organiser", "OTHER"),
        "other_registrar": ("registrar", "OTHERUNI"),
    }
    staff = {
        # A second world has the same people.
        name: person_by_email(f"{name}@example.org")
        or add_user(SYSTEM, f"{name}@example.org", f"{name.replace('_', ' ').title()} Prova", role, place)
        for name, (role, place) in places.items()
    }
    course = create_course(
        SYSTEM,
        code=code,
        programme="peer-support-worker",
        organisation=organisation.code,
        university=university.code,
        title="Curs de prova",
        starts_on=starts_on,
        timezone="Europe/Madrid",
    )
    plan(SYSTEM, course, first=starts_on, time=time(10, 0), venues=["Manresa", "Vic"])
    world = World(course, organisation, university, host, staff)
    for number in range(trainees):
        person = add_person(
            SYSTEM,
            given_name=f"Núria{number:02d}",
            family_name="Peñafiel i Puig",
            email=f"trainee{number:02d}.{code.lower()}@example.org",
        )
        world.trainees.append(enrol(SYSTEM, course, person))
    return world


def load_world(code: str = "TEST-1") -> World:
    """The world that `make_world` left in the database."""
    course = session.scalars(select(Course).where(Course.code == code)).one()

    def organisation(name: str) -> Organisation:
        return session.scalars(select(Organisation).where(Organisation.code == name)).one()

    people = {person.email: person for person in session.scalars(select(Person))}
    staff = {name: people[f"{name}@example.org"] for name in ROLES}
    trainees = session.scalars(
        select(Enrolment).where(Enrolment.course_id == course.id).order_by(Enrolment.id)
    )
    return World(
        course, organisation("PROV"), organisation("UNI"), organisation("HOST"), staff, list(trainees)
    )
