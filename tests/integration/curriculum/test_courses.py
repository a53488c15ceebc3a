"""A course of a programme that leaves out what it can: no plans, competencies, scale, nor a gate that opens the placement."""

from __future__ import annotations

from datetime import date, time

import pytest

from tests.factories.standing import shipped
from tests.factories.world import SYSTEM
from trainer.cohorts.services import create_course, enrol
from trainer.core.database import session
from trainer.people.models import Person
from trainer.scheduling.services import plan

STAFF = (
    "/courses/OTHER",
    "/courses/OTHER/sessions",
    "/courses/OTHER/progress",
    "/courses/OTHER/people/{id}/progress",
    "/courses/OTHER/competencies",
    "/courses/OTHER/competencies/import",
    "/courses/OTHER/people/{id}/competencies",
)
OWN = ("/me", "/me/courses/OTHER", "/programmes/ex-in", "/programmes/ex-in/modules/1")


@pytest.fixture
def enrolment(world):
    assert not shipped("ex-in").competency_codes and not shipped("ex-in").scale.levels
    course = create_course(
        SYSTEM,
        code="OTHER",
        programme="ex-in",
        organisation="PROV",
        university="UNI",
        title="Another",
        starts_on=date(2026, 1, 10),
        timezone="Europe/Madrid",
    )
    plan(SYSTEM, course, date(2026, 1, 10), time(9), ["Vic"], modules=["health", "empowerment"])
    return enrol(SYSTEM, course, session.get_one(Person, world.trainees[0].person_id))


def test_its_pages_stand(client_as, enrolment):
    organiser, trainee = client_as("organiser"), client_as("trainee")
    for path in STAFF:
        assert organiser.get(path.format(id=enrolment.id)).status_code == 200, path
    for path in OWN:
        assert trainee.get(path).status_code == 200, path
    page = trainee.get("/programmes/ex-in").text
    assert "Miss at most 10 % of the hours." in page and "competenc" not in page.lower()
