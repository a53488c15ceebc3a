"""A first register and the people on it, who announce an absence or ask for a make-up meanwhile, do not wait for each other
(docs/decisions/locks.md). Telling on PostgreSQL; SQLite has one writer at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest

from tests.factories.registers import ABSENT, hold
from trainer.attendance.queries import saved_marks
from trainer.attendance.services import make_ups, notices, registers
from trainer.audit.queries import verify
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.curriculum.queries import programme_of
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of


@pytest.mark.parametrize("what", ["announced", "asked"])
def test_a_first_register_and_its_people_do_not_wait_for_each_other(world, app, monkeypatch, what):
    programme = programme_of(world.course.programme_version_id)
    monkeypatch.setitem(programme.attendance, "make_ups", {"ways": ["session"], "within": {"weeks": 9}})
    rows = sessions_of(world.course.id)
    me, trainee, trainer = world.trainees[0].id, world.actor("trainee"), world.actor("trainer")
    with transaction():
        session.get(Session, rows[2].id).module_code = rows[1].module_code
    with clock.frozen(rows[1].starts_at + timedelta(days=1)):
        hold(world, [1, 2], {(0, 2): ABSENT})
    session.rollback()
    # Both have taken their first lock before either takes its second; where the order forbids that, one waits in vain.
    both = Barrier(2)

    def meet(real):
        def first(*arguments, **named):
            with suppress(BrokenBarrierError):
                both.wait(0.4)
            return real(*arguments, **named)

        return first

    monkeypatch.setattr(registers, "saved_marks", meet(registers.saved_marks))
    monkeypatch.setattr(make_ups, "on_course", meet(make_ups.on_course))
    monkeypatch.setattr(notices, "on_course", meet(notices.on_course))

    def register() -> None:
        with app.app_context(), clock.frozen(rows[2].starts_at - timedelta(hours=1)):
            marks = {me: registers.MarkInput(registers.MarkKind.PRESENT)}
            registers.save_register(trainer, session.get_one(Session, rows[2].id), marks)

    def person() -> None:
        with (
            app.app_context(),
            clock.frozen(rows[2].starts_at - timedelta(hours=1)),
            suppress(Invalid, Refused),
        ):
            if what == "announced":
                notices.announce(trainee, me, rows[2].id, "late")
            else:
                make_ups.ask(trainee, me, rows[1].id, "session", rows[2].id)

    with ThreadPoolExecutor(2) as pool:
        for one in [pool.submit(register), pool.submit(person)]:
            one.result(20)
    session.rollback()
    assert saved_marks(rows[2].id)[me].kind is registers.MarkKind.PRESENT
    assert verify().broken_at is None
