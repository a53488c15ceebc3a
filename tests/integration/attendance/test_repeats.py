"""A repeat for those who missed a session: planned in one step, asked for, agreed, ticked off, credited once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from tests.factories.registers import ABSENT, hold
from trainer.attendance.models import MakeUp, Mark
from trainer.attendance.queries import attendance_facts, inputs
from trainer.attendance.queries.guests import guests_of
from trainer.attendance.queries.repeats import MakeUpsSource, coming_to, who_could_come
from trainer.attendance.queries.totals import bases
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import hold_repeat, save_register, withdraw_register
from trainer.attendance.services.make_ups import agree, ask, call_off, complete
from trainer.attendance.services.notices import announce
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.curriculum.queries import programme_of
from trainer.scheduling.models import Venue
from trainer.scheduling.queries import SessionsSource, course_events, sessions_of
from trainer.scheduling.services import add_session, cancel, edit, move

COURSE = "/courses/TEST-1"
REPEAT_ON = datetime(2026, 9, 24, 16)


@pytest.fixture
def missed(world: Any, monkeypatch: Any) -> Any:
    """The day after session 2, which the first person missed."""
    attendance = programme_of(world.course.programme_version_id).attendance
    monkeypatch.setitem(attendance, "make_ups", {"ways": ["session", "task"], "within": {"weeks": 6}})
    rows = sessions_of(world.course.id)
    with clock.frozen(rows[1].starts_at + timedelta(hours=1)):
        hold(world, [1, 2], {(0, 2): ABSENT})
    with clock.frozen(rows[1].starts_at + timedelta(days=1)):
        yield rows


def figures(world: Any) -> Any:
    return {
        key: (one.credited_minutes, one.held_minutes, one.base_minutes, one.forecast)
        for key, one in attendance_facts(world.course.id).items()
    }


def repeat_of(world: Any, row: Any) -> Any:
    add_session(world.actor("organiser"), world.course, row.module_code, REPEAT_ON, "Vic", extra=True)
    return sessions_of(world.course.id)[-1]


def test_the_whole_journey(world: Any, missed: Any, client_as: Any) -> None:
    before, me = figures(world), world.trainees[0].id
    organiser, trainee, trainer = client_as("organiser"), client_as("trainee"), client_as("trainer")
    page = organiser.get(f"{COURSE}/sessions/2").get_data(as_text=True)
    assert f"{COURSE}/sessions/new?repeat=2" in page
    form = organiser.get(f"{COURSE}/sessions/new?repeat=2").get_data(as_text=True)
    for part in ('value="10:00', f'value="{missed[1].venue}"', 'value="240"'):
        assert part in form
    sent = {
        "module": missed[1].module_code,
        "day": "2026-09-24",
        "time": "16:00",
        "venue": "Vic",
        "minutes": "240",
        "extra": "y",
    }
    assert organiser.post(f"{COURSE}/sessions/new?repeat=2", data=sent).status_code == 303
    session.rollback()
    repeat = sessions_of(world.course.id)[-1]
    assert (repeat.number, repeat.extra, repeat.module_code) == (11, True, missed[1].module_code)
    assert figures(world) == before  # in nobody's base
    # Who missed it is told of it, and of no other session.
    own = trainee.get("/me/courses/TEST-1").get_data(as_text=True)
    assert "There is a repeat of it" in own
    assert "There is a repeat of it" not in client_as("other_trainee").get("/me/courses/TEST-1").get_data(
        as_text=True
    )
    offered = trainee.get("/me/courses/TEST-1/sessions/2/absence").get_data(as_text=True)
    assert offered.count("Ask for this one") == 1
    register = f"{COURSE}/sessions/11/register"
    listed = trainer.get(register).get_data(as_text=True)
    assert "Who missed it and could come" in listed
    assert "Núria00" in listed
    assert "Núria01" not in listed
    trainee.post(
        "/me/courses/TEST-1/sessions/2/absence/make-up", data={"way": "session", "target": repeat.id}
    )
    key = session.scalars(select(MakeUp.id)).one()
    organiser.post(f"{COURSE}/absences/make-ups/{key}", data={"do": "agree"})
    assert trainee.get("/me/courses/TEST-1/sessions/11/absence").location.endswith("/sessions/2/absence")
    with clock.frozen(repeat.starts_at + timedelta(hours=4)):
        page = trainer.get(register).get_data(as_text=True)
        assert "Núria00" in page
        assert "Núria01" not in page  # nobody else is expected, nor unmarked
        assert "Unmarked" not in page
        paper = trainer.get(f"{register}/print").get_data(as_text=True)
        assert "Núria00" in paper
        assert "Núria01" not in paper
        for _twice in range(2):
            trainer.post(f"{register}/guests", data={"make_up": key, "minutes": "240"})
        session.rollback()
        assert sessions_of(world.course.id)[-1].is_held
        after = figures(world)
        assert after.pop(me)[:3] == (480, 480, 2400)
        assert after == {key: one for key, one in before.items() if key != me}
        grid = organiser.get(f"{COURSE}/progress").get_data(as_text=True)
        assert "in nobody's figures" in grid
        assert grid.count('class="session-head') == 10
        sheet = trainer.get(f"{COURSE}/sheet").get_data(as_text=True)
        assert f'id="s{repeat.id}"' not in sheet
    assert session.scalar(select(func.count()).select_from(Mark).where(Mark.session_id == repeat.id)) == 0


def test_a_session_of_the_own_course_serves_only_as_a_repeat(world: Any, missed: Any) -> None:
    me, trainee = world.trainees[0].id, world.actor("trainee")
    add_session(world.actor("organiser"), world.course, missed[1].module_code, REPEAT_ON, "Vic")
    plain = sessions_of(world.course.id)[-1]
    with pytest.raises(Invalid, match="cannot serve twice"):
        ask(trainee, me, missed[1].id, "session", plain.id)
    edit(world.actor("organiser"), plain, module_code=plain.module_code, minutes=plain.minutes, extra=True)
    made = ask(trainee, me, missed[1].id, "session", plain.id)
    assert (made.status, coming_to(plain.id), guests_of(plain.id)) == ("asked", set(), [])
    assert [one.make_up_id for one in guests_of(plain.id, asked=True)] == [made.id]
    # While somebody counts on it, it stays a repeat; called off, it may change.
    for change in (False, None):
        if change is None:
            call_off(trainee, made.id)
        held_back = pytest.raises(Refused, match="can no longer change")
        if change is False:
            with held_back:
                edit(world.actor("organiser"), plain, module_code=plain.module_code, minutes=240, extra=False)
    edit(world.actor("organiser"), plain, module_code=plain.module_code, minutes=240, extra=False)
    assert bases([world.course.id])[world.course.id].minutes == 11 * 240
    # What was recorded before repeats were known stays.
    with transaction():
        session.add(
            MakeUp(
                enrolment_id=me,
                session_id=missed[1].id,
                way="session",
                target_session_id=plain.id,
                minutes=240,
                status="done",
                asked_at=clock.now(),
                approved_at=clock.now(),
                done_at=clock.now(),
            )
        )
    assert attendance_facts(world.course.id, [me])[me].made_up_minutes == 240
    with pytest.raises(Refused, match="can no longer change"):
        edit(world.actor("organiser"), plain, module_code=plain.module_code, minutes=240, extra=True)


def test_nobody_is_marked_or_missed_at_a_repeat(world: Any, missed: Any) -> None:
    repeat, trainer, me = repeat_of(world, missed[1]), world.actor("trainer"), world.trainees[0].id
    with pytest.raises(Refused, match="nobody is marked"):
        save_register(trainer, repeat, {me: MarkInput(MarkKind.PRESENT)})
    with pytest.raises(Refused, match="is a repeat"):
        announce(world.actor("trainee"), me, repeat.id, "absent")
    with pytest.raises(Refused, match="still to come"):
        hold_repeat(trainer, repeat)
    made = ask(world.actor("trainee"), me, missed[1].id, "session", repeat.id)
    agree(trainer, made.id)
    assert who_could_come(world.course, repeat.module_code) == []
    with clock.frozen(repeat.starts_at + timedelta(hours=1)):
        hold_repeat(trainer, repeat)
        with pytest.raises(Refused):
            move(world.actor("organiser"), repeat, REPEAT_ON + timedelta(days=1))
        withdraw_register(trainer, repeat, "not after all")
        complete(trainer, made.id)
        assert sessions_of(world.course.id)[-1].is_held
        with pytest.raises(Refused, match="Take that back first"):
            withdraw_register(trainer, repeat, "not after all")
        call_off(trainer, made.id, "was not there")
        withdraw_register(trainer, repeat, "not after all")
    cancel(world.actor("organiser"), repeat, "nobody needs it")


def test_room_is_that_of_who_makes_something_up(world: Any, missed: Any) -> None:
    repeat, trainer = repeat_of(world, missed[1]), world.actor("trainer")
    with transaction():
        session.get_one(Venue, repeat.venue_id).capacity = 1
    with clock.frozen(missed[1].starts_at + timedelta(days=1, hours=1)):
        save_register(trainer, missed[1], {world.trainees[1].id: ABSENT}, reason="was not there")
    first = ask(trainer, world.trainees[0].id, missed[1].id, "session", repeat.id)
    second = ask(trainer, world.trainees[1].id, missed[1].id, "session", repeat.id)
    agree(trainer, first.id)
    with pytest.raises(Invalid, match="full"):
        agree(trainer, second.id)


def test_whose_calendar_a_repeat_is_in(world: Any, missed: Any, client_as: Any) -> None:
    repeat, trainee = repeat_of(world, missed[1]), world.actor("trainee")
    person = world.trainees[0].person_id

    def shown() -> set[str]:
        return {one.uid for source in (SessionsSource(), MakeUpsSource()) for one in source.events(person)}

    assert repeat.uid not in shown()
    made = ask(trainee, world.trainees[0].id, missed[1].id, "session", repeat.id)
    assert repeat.uid not in shown()
    agree(world.actor("trainer"), made.id)
    assert repeat.uid in shown()
    event = next(one for one in MakeUpsSource().events(person) if one.uid == repeat.uid)
    assert event.summary == "TEST-1 · 11"
    assert event.title.endswith("(a repeat)")
    call_off(trainee, made.id)
    assert repeat.uid not in shown()
    assert repeat.uid in {one.uid for one in course_events(world.course.id, "TEST-1")}
    file = Calendar.from_ical(client_as("organiser").get(f"{COURSE}/calendar.ics").data)
    marked = [str(one["SUMMARY"]) for one in file.walk("VEVENT") if "CATEGORIES" in one]
    assert marked == ["TEST-1 · 11"]


def test_what_a_session_was_is_replayed(world: Any) -> None:
    organiser, key = world.actor("organiser"), world.trainees[0].id
    hold(world, [1, 2], {(0, 2): ABSENT})
    code, begin = sessions_of(world.course.id)[1].module_code, clock.now() + timedelta(days=1)
    add_session(organiser, world.course, code, REPEAT_ON, "Vic")
    row = sessions_of(world.course.id)[-1]
    moments = []
    for day, extra in enumerate((True, False, True)):
        with clock.frozen(begin + timedelta(days=day)):
            edit(organiser, row, module_code=code, minutes=240, extra=extra)
            moments.append((clock.now(), inputs(world.course.id)[key], 2400 if extra else 2640))
    rule = attendance_facts(world.course.id, [key])[key].rule
    for at, before, base in moments:
        was = inputs(world.course.id, [key], at)[key]
        assert was.sessions == before.sessions
        assert (was.weigh(rule).credited_minutes, was.weigh(rule).base_minutes) == (240, base)


def test_the_register_of_a_repeat_costs_the_same_for_one_and_for_three(
    world: Any, missed: Any, client_as: Any, count_queries: Any
) -> None:
    repeat, trainer = repeat_of(world, missed[1]), client_as("trainer")
    page = f"{COURSE}/sessions/{repeat.number}/register"

    def counted() -> int:
        trainer.get(page)
        with count_queries() as seen:
            assert trainer.get(page).status_code == 200
        return int(seen.count)

    first = counted()
    with clock.frozen(missed[1].starts_at + timedelta(hours=2)):
        absent = {one.id: ABSENT for one in world.trainees[1:]}
        save_register(world.actor("trainer"), missed[1], absent, reason="were not there")
    assert len(who_could_come(world.course, repeat.module_code)) == 3
    assert counted() == first
    for one in world.trainees[1:]:
        agree(
            world.actor("trainer"),
            ask(world.actor("trainer"), one.id, missed[1].id, "session", repeat.id).id,
        )
    assert len(guests_of(repeat.id)) == 2
    assert counted() == first
