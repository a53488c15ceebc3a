"""Courses, enrolment, consent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.world import SYSTEM, World
from trainer.audit.models import AuditEntry
from trainer.audit.queries import verify
from trainer.cohorts import queries, services
from trainer.cohorts.models import Course
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.messages.models import Outbox
from trainer.people.services import add_person


def actions() -> list[str]:
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_course_is_pinned(world: World) -> None:
    course = queries.course_by_code("TEST-1")
    assert course is not None
    assert course.status == "running"
    assert session.get_one(Course, course.id).programme_version_id == world.course.programme_version_id
    assert verify().broken_at is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "TEST-1"},
        {"code": "test-1"},
        {"code": "a/b"},
        {"title": " "},
        {"organisation": "NONE"},
        {"university": "PROV"},
        {"timezone": "Nowhere"},
        {"language": "fr"},
    ],
)
def test_what_no_course_can_be(world: World, wrong: dict[str, str]) -> None:
    values = {
        "code": "NEW",
        "programme": "peer-support-worker",
        "organisation": "PROV",
        "university": "UNI",
        "title": "T",
        "timezone": "Europe/Madrid",
        "language": "ca",
    }
    with pytest.raises(Invalid):
        services.create_course(SYSTEM, starts_on=date(2027, 1, 1), **{**values, **wrong})  # type: ignore[arg-type]


def test_only_its_organisers_make_and_run_courses(world: World) -> None:
    for role in ("other_organiser", "trainer", "registrar"):
        actor = world.actor(role)
        with pytest.raises(Refused):
            services.create_course(actor, "NEW", "peer-support-worker", "PROV", "UNI", "T", date(2027, 1, 1))
        with pytest.raises(Refused):
            services.withdraw(actor, world.trainees[0])
        with pytest.raises(Refused):
            services.update_course(actor, world.course, title="Mine")
    services.update_course(world.actor("organiser"), world.course, title="Ours", status="closed")
    person = add_person(SYSTEM, "A", "B", "a@example.org")
    with pytest.raises(Refused):
        services.enrol(SYSTEM, world.course, person)


def test_the_way_of_an_enrolment(world: World) -> None:
    organiser, enrolment = world.actor("organiser"), world.trainees[0]
    services.pause(organiser, enrolment, date(2026, 10, 1))
    services.resume(organiser, enrolment, date(2026, 10, 20))
    services.pause(organiser, enrolment, date(2026, 11, 1))
    services.withdraw(organiser, enrolment, date(2026, 11, 3), "own_request")
    assert enrolment.left_on == date(2026, 11, 3)
    services.change_status(organiser, enrolment, "enrolled", date(2026, 11, 10))
    services.complete(organiser, enrolment)
    assert enrolment.status == "completed"
    assert enrolment.left_on is None
    assert [(p.starts_on, p.ends_on) for p in queries.pauses(world.course.id)[enrolment.id]] == [
        (date(2026, 10, 1), date(2026, 10, 20)),
        (date(2026, 11, 1), date(2026, 11, 3)),
    ]
    assert [e.to_status for e in queries.events(enrolment.id)] == [
        "enrolled",
        "paused",
        "enrolled",
        "paused",
        "withdrawn",
        "enrolled",
        "completed",
    ]
    assert actions().count("enrolment.status_changed") == 6
    with pytest.raises(Invalid):
        services.pause(organiser, enrolment)
    with pytest.raises(Invalid):
        services.change_status(organiser, enrolment, "gone")


def test_nobody_is_on_a_course_twice(world: World) -> None:
    with pytest.raises(Invalid):
        services.enrol(SYSTEM, world.course, world.trainees[0].person)


def test_an_invited_person_joins_by_consent(world: World) -> None:
    organiser = world.actor("organiser")
    enrolment = services.add_by_hand(
        organiser,
        world.course,
        given_name="Laia",
        family_name="Col·lell",
        email="laia@example.org",
        mail=True,
    )
    assert enrolment.status == "invited"
    assert enrolment.joined_on is None
    assert "laia@example.org" not in [row.email for row in queries.roster(world.course.id)]
    mail = session.scalars(select(Outbox).where(Outbox.email == "laia@example.org")).one()
    assert "Curs de prova" in mail.body
    assert "http://localhost/invitations/" in mail.body
    own = queries.own_enrolment(_as(enrolment.person_id), "TEST-1")
    assert own is not None
    services.give_consent(_as(enrolment.person_id), own)
    services.give_consent(_as(enrolment.person_id), own)
    assert own.status == "enrolled"
    assert own.joined_on is not None
    assert len(queries.consents(own.id)) == 1
    services.withdraw_consent(_as(enrolment.person_id), own)
    assert own.consent_at is None
    services.give_consent(_as(enrolment.person_id), own)
    assert [c.withdrawn_at is None for c in queries.consents(own.id)] == [True, False]


def _as(person_id: int):  # type: ignore[no-untyped-def]
    from trainer.core.access import Actor

    return Actor(person_id=person_id, account_id=person_id, name="x")


def test_leaving_is_the_persons_own_word(world: World) -> None:
    enrolment = world.trainees[0]
    for other in (SYSTEM, world.actor("organiser"), world.actor("admin")):
        with pytest.raises(Refused):
            services.request_leave(other, enrolment)
        with pytest.raises(Refused):
            services.give_consent(other, enrolment)
    me = _as(enrolment.person_id)
    services.request_leave(me, enrolment)
    assert queries.leave_requests(world.course.id) == 1
    services.cancel_leave_request(me, enrolment)
    assert queries.leave_requests(world.course.id) == 0
    services.request_leave(me, enrolment)
    services.withdraw(world.actor("organiser"), enrolment)
    assert queries.leave_requests(world.course.id) == 0
    with pytest.raises(Refused):
        services.request_leave(me, enrolment)


def test_no_names_in_the_audit(world: World) -> None:
    services.add_by_hand(
        world.actor("organiser"),
        world.course,
        given_name="Zenòbia",
        family_name="Zzz",
        email="zen@example.org",
        mail=True,
    )
    details = [str(row) for row in session.scalars(select(AuditEntry.details))]
    assert not any("Zen" in one or "zen@" in one or "Peñafiel" in one for one in details)


def test_another_day_of_joining_lets_certificates_be_looked_at(
    app: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setitem(app.extensions, "trainer_facts_corrected", lambda _actor, key: told.append(key))
    organiser, one = world.actor("organiser"), world.trainees[0]
    day = one.joined_on
    assert day is not None
    services.set_details(organiser, one, joined_on=day, entity=None)
    assert told == []
    services.set_details(organiser, one, joined_on=day + timedelta(days=20), entity=None)
    assert told == [one.id]
