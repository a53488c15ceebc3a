"""Commands of scheduling on a real database."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from tests.factories.world import SYSTEM, make_world
from trainer.audit.models import AuditEntry
from trainer.cohorts.services import create_course, enrol
from trainer.core.access import Actor
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.scheduling import queries, services
from trainer.scheduling.models import Session, Venue
from trainer.scheduling.rules import Closure

STRANGER = Actor(person_id=None, account_id=1)


def rows(world):
    return queries.sessions_of(world.course.id)


def entity(world, number):
    return session.execute(
        select(Session).where(Session.course_id == world.course.id, Session.number == number)
    ).scalar_one()


def actions():
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


@pytest.fixture
def empty_course(world):
    return create_course(
        SYSTEM,
        code="EMPTY",
        programme="peer-support-worker",
        organisation="PROV",
        university="UNI",
        title="Empty",
        starts_on=date(2026, 3, 6),
        timezone="Europe/Madrid",
    )


class TestPlan:
    def test_one_session_a_module_in_turn_at_the_venues(self, world):
        found = rows(world)
        assert [row.number for row in found] == list(range(1, 11))
        assert [row.module_code for row in found][:2] == ["introduction", "recovery"]
        assert [row.venue for row in found] == ["Manresa", "Vic"] * 5
        assert {row.minutes for row in found} == {240}
        assert {f"{row.starts_at:%H:%M}" for row in found} == {"10:00"}
        assert {f"{row.starts_at:%z}" for row in found} == {"+0200", "+0100"}, "summer and winter time"
        assert len({row.uid for row in found}) == 10
        assert {row.sequence for row in found} == {0}
        assert "sessions.planned" in actions()

    def test_catalan_holidays_and_closures_are_skipped_and_turns_go_on(self, world, empty_course):
        made = services.plan(
            SYSTEM,
            empty_course,
            date(2026, 3, 20),
            time(10),
            ["Manresa", "Vic"],
            closures=[Closure(date(2026, 3, 23), date(2026, 3, 29), "works")],
        )
        days = [one.starts_local.date().isoformat() for one in made]
        # 27 March closed, 3 April Good Friday, 1 May Labour Day.
        assert days[:5] == ["2026-03-20", "2026-04-10", "2026-04-17", "2026-04-24", "2026-05-08"]
        places = [row.venue for row in queries.sessions_of(empty_course.id)]
        assert places == ["Manresa", "Vic"] * 5

    def test_unknown_venues_are_made_in_catalonia_and_past_dates_are_fine(self, world, empty_course):
        services.plan(SYSTEM, empty_course, first=date(2020, 1, 7), time=time(9, 30), venues=[" Can  Jorba "])
        venue = session.execute(select(Venue).where(Venue.name == "Can Jorba")).scalar_one()
        assert venue.region == "ES-CT"

    def test_a_module_has_as_many_sessions_as_its_programme_says(self, world):
        course = create_course(
            SYSTEM,
            code="LONG",
            programme="texas-peer-specialist",
            organisation="PROV",
            university="UNI",
            title="Long",
            starts_on=date(2026, 3, 6),
            timezone="Europe/Madrid",
        )
        services.plan(SYSTEM, course, date(2026, 9, 14), time(9), ["Vic"])
        found = queries.sessions_of(course.id)
        assert [row.minutes for row in found] == [390] * 3 + [480] * 5
        assert [row.module_code for row in found] == ["core"] * 3 + ["supplemental"] * 5
        assert {one.weekday() for one in (row.starts_at.date() for row in found)} == {0}

    def test_a_second_run_needs_modules_and_numbers_go_on(self, world):
        with pytest.raises(Invalid, match="Every module has a session"):
            services.plan(SYSTEM, world.course, date(2027, 1, 12), time(10), ["Vic"])
        made = services.plan(
            SYSTEM, world.course, date(2027, 1, 12), time(10), ["Vic"], modules=["recovery"], minutes=90
        )
        assert [(one.number, one.minutes) for one in made] == [(11, 90)]
        with pytest.raises(Invalid, match="no module nothing"):
            services.plan(SYSTEM, world.course, date(2027, 2, 2), time(10), ["Vic"], modules=["nothing"])

    def test_the_course_does_not_meet_twice_at_once(self, world):
        first = rows(world)[0].starts_local
        with pytest.raises(Refused, match="meets then already: session 1"):
            services.add_session(SYSTEM, world.course, "recovery", first + timedelta(hours=3), "Vic")
        added = services.add_session(SYSTEM, world.course, "recovery", first + timedelta(hours=4), "Vic")
        assert added.number == 11

    def test_preview_writes_nothing_and_names_clashes(self, world, empty_course):
        before = len(rows(world))
        first = rows(world)[0].starts_local.date()
        shown = services.preview(empty_course, first, time(11), ["Manresa"])
        assert len(shown.plan.slots) == 10
        assert "EMPTY · 1 and TEST-1 · 1 are both at Manresa" in str(shown.clashes[0].text())
        assert len(rows(world)) == before
        assert queries.sessions_of(empty_course.id) == []

    def test_only_organisers_of_the_provider(self, world, empty_course):
        for role in ("trainer", "assessor", "other_organiser", "registrar", "trainee"):
            with pytest.raises(Refused):
                services.plan(world.actor(role), empty_course, date(2026, 3, 6), time(10), ["Vic"])
        services.plan(world.actor("organiser"), empty_course, date(2026, 3, 6), time(10), ["Vic"])


class TestChanges:
    def test_a_move_keeps_the_uid_and_counts(self, world):
        one = entity(world, 2)
        uid, stamp = one.uid, one.updated_at
        services.move(world.actor("organiser"), one, datetime(2026, 9, 16, 9, 30), "Osona")
        row = rows(world)[1]
        assert (row.uid, row.sequence, row.venue) == (uid, 1, "Osona")
        assert row.updated_at > stamp
        assert row.starts_at.isoformat() == "2026-09-16T09:30:00+02:00"
        again = row.updated_at
        services.move(SYSTEM, one, datetime(2026, 9, 16, 9, 30))
        assert rows(world)[1].sequence == 1, "nothing changed, nothing rises"
        services.move(SYSTEM, one, datetime(2026, 9, 16, 10, 0))
        row = rows(world)[1]
        assert row.sequence == 2
        assert row.updated_at > again, "even within one second"
        assert actions().count("session.moved") == 2

    def test_a_move_onto_a_time_without_an_hour(self, world):
        services.move(SYSTEM, entity(world, 1), datetime(2026, 3, 29, 2, 30))
        assert rows(world)[0].starts_local == datetime(2026, 3, 29, 3, 30)

    def test_overlapping_the_same_course_is_refused_other_clashes_are_told(self, world):
        with pytest.raises(Refused, match="session 3"):
            services.move(SYSTEM, entity(world, 2), rows(world)[2].starts_local)
        other = make_world(trainees=0, code="TEST-2", starts_on=date(2026, 9, 9))
        enrol(SYSTEM, other.course, world.trainees[0].person)
        services.set_trainers(SYSTEM, entity(world, 1), [world.trainer.id])
        services.set_trainers(SYSTEM, entity(other, 1), [world.trainer.id])
        services.move(SYSTEM, entity(other, 1), rows(world)[0].starts_local)
        told = [str(text) for text in services.warnings_of(world.course)]
        assert len(told) == 3
        assert all("TEST-1 · 1" in one and "TEST-2 · 1" in one for one in told)
        name = world.trainees[0].person.display_name
        assert [("Manresa" in one, "Trainer Prova" in one, name in one) for one in told] == [
            (True, False, False),
            (False, True, False),
            (False, False, True),
        ]

    def test_trainees_of_another_provider_are_not_given_away(self, world):
        other = create_course(
            SYSTEM, code="THEIRS", programme="peer-support-worker", organisation="OTHER", university="UNI",
            title="Theirs", starts_on=date(2026, 9, 8), timezone="Europe/Madrid",
        )  # fmt: skip
        services.plan(SYSTEM, other, date(2026, 9, 8), time(10), ["Elsewhere"])
        enrol(SYSTEM, other, world.trainees[0].person)
        assert services.warnings_of(world.course) == []

    def test_moving_onto_a_public_holiday_is_told(self, world):
        services.move(SYSTEM, entity(world, 1), datetime(2026, 9, 11, 10))
        assert "public holiday in Manresa" in str(services.warnings_of(world.course)[0])

    def test_cancelling_needs_a_reason_and_is_for_good(self, world):
        one = entity(world, 4)
        with pytest.raises(Invalid, match="why"):
            services.cancel(SYSTEM, one, "  ")
        services.cancel(SYSTEM, one, "snow")
        row = rows(world)[3]
        assert (row.status, row.cancel_reason, row.sequence) == ("cancelled", "snow", 1)
        with pytest.raises(Refused, match="stays so"):
            services.cancel(SYSTEM, one, "again")
        with pytest.raises(Refused, match="stays so"):
            services.move(SYSTEM, one, datetime(2027, 1, 1, 10))
        services.add_session(SYSTEM, world.course, row.module_code, row.starts_local, "Vic")

    def test_a_held_session_stays_where_it_is(self, world):
        one = entity(world, 1)
        with transaction():
            services.mark_held(one)
        for change in (
            lambda: services.move(SYSTEM, one, datetime(2027, 1, 1, 10)),
            lambda: services.cancel(SYSTEM, one, "snow"),
            lambda: services.edit(SYSTEM, one, module_code="recovery", minutes=240),
        ):
            with pytest.raises(Refused, match="Withdraw its register first"):
                change()
        services.edit(SYSTEM, one, module_code="introduction", minutes=240, note="Room 3")
        services.set_effective_minutes(world.actor("trainer"), one, 225)
        row = rows(world)[0]
        assert (row.minutes, row.length, row.sequence, row.note) == (240, 225, 0, "Room 3")
        with transaction():
            services.mark_planned(one)
        assert (rows(world)[0].status, rows(world)[0].length) == ("planned", 240)
        services.move(SYSTEM, one, datetime(2027, 1, 1, 10))

    def test_the_length_of_a_planned_session_is_not_recorded_nor_is_a_cancelled_one_held(self, world):
        with pytest.raises(Refused, match="register is saved"):
            services.set_effective_minutes(SYSTEM, entity(world, 1), 200)
        services.cancel(SYSTEM, entity(world, 2), "snow")
        with transaction(), pytest.raises(Refused, match="no register"):
            services.mark_held(entity(world, 2))

    def test_trainers_are_the_providers_own(self, world):
        one = entity(world, 1)
        services.set_trainers(world.actor("trainer"), one, [world.trainer.id, world.organiser.id])
        assert [person.name for person in queries.trainers_of([one.id])[one.id]] == [
            "Organiser Prova", "Trainer Prova",
        ]  # fmt: skip
        with pytest.raises(Invalid, match="Only trainers"):
            services.set_trainers(SYSTEM, one, [world.other_organiser.id])
        services.set_trainers(SYSTEM, one, [])
        assert queries.trainers_of([one.id])[one.id] == []

    def test_handouts_are_web_addresses(self, world):
        one = entity(world, 1)
        for wrong in ("javascript:alert(1)", "file:///etc/passwd", "https://", "nothing", "http://[x"):
            with pytest.raises(Invalid, match="https"):
                services.add_handout(SYSTEM, one, "Slides", wrong)
        made = services.add_handout(world.actor("trainer"), one, "Slides", "https://example.org/slides")
        assert [(h.title, h.url) for h in queries.handouts_of(one.id)] == [
            ("Slides", "https://example.org/slides")
        ]
        services.remove_handout(SYSTEM, one, made.id)
        assert queries.handouts_of(one.id) == []

    def test_who_may_not(self, world):
        one = entity(world, 1)
        for role in ("trainer", "other_organiser", "registrar", "trainee"):
            with pytest.raises(Refused):
                services.move(world.actor(role), one, datetime(2027, 1, 1, 10))
            with pytest.raises(Refused):
                services.cancel(world.actor(role), one, "no")
        with pytest.raises(Refused):
            services.set_trainers(world.actor("assessor"), one, [])
        assert rows(world)[0].sequence == 0


class TestVenues:
    def test_a_new_address_reaches_the_sessions(self, world):
        venue = session.execute(select(Venue).where(Venue.name == "Vic")).scalar_one()
        services.change_venue(
            world.actor("organiser"), venue, name="Vic", address="Plaça Major 1", region="ES-CT",
            timezone="Europe/Madrid", capacity=20,
        )  # fmt: skip
        assert [row.sequence for row in rows(world)] == [0, 1] * 5
        assert rows(world)[1].place == "Vic, Plaça Major 1"

    def test_what_a_venue_cannot_be(self, world):
        add = services.add_venue
        for values, words in (
            ({"name": "Vic"}, "already"),
            ({"name": "A", "region": "CT"}, "No public holidays"),
            ({"name": "A", "timezone": "Europe/Vic"}, "no time zone"),
            ({"name": "A", "capacity": 0}, "at least one"),
            ({"name": " "}, "needs a name"),
        ):
            with pytest.raises(Invalid, match=words):
                add(SYSTEM, **values)
        with pytest.raises(Refused):
            add(world.actor("trainer"), "New")
        add(world.actor("organiser"), "New", region="ES-MD")

    def test_sessions_to_come_are_counted(self, world):
        from trainer.core.clock import frozen

        with frozen(datetime.fromisoformat("2026-09-20T00:00:00+00:00")):
            assert {venue.name: venue.ahead for venue in queries.venues()} == {"Manresa": 4, "Vic": 4}


class TestFeeds:
    def test_one_address_in_force_that_can_be_renewed_and_revoked(self, world):
        actor = world.actor("trainee")
        first = services.create_feed(actor)
        assert services.create_feed(actor).token == first.token
        old = first.token
        services.choose_titles(actor, True)
        renewed = services.renew_feed(actor)
        assert renewed.token != old
        assert renewed.show_titles
        assert queries.open_feed(old) is None
        found = queries.open_feed(renewed.token)
        assert found is not None
        assert (found.person_id, found.course_code) == (actor.person_id, None)
        services.revoke_feed(actor)
        services.revoke_feed(actor)
        assert queries.open_feed(renewed.token) is None
        assert len(old) >= 32

    def test_a_course_address_ends_with_the_role(self, world):
        from trainer.people.models import Membership

        actor = world.actor("trainer")
        token = services.create_feed(actor, world.course).token
        assert queries.open_feed(token) is not None
        with transaction():
            for one in session.scalars(select(Membership).where(Membership.person_id == actor.person_id)):
                one.ended_on = date(2020, 1, 1)
        assert queries.open_feed(token) is None
        with pytest.raises(Refused):
            services.create_feed(world.actor("trainee"), world.course)
        with pytest.raises(Refused):
            services.create_feed(SYSTEM)
