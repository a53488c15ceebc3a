"""A season of everything that can happen, each evening's decisions kept; replayed later, every one of them comes out again."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from trainer.attendance.models import MakeUp, MakeUpEvent
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register, withdraw_register
from trainer.cohorts.models import Enrolment
from trainer.cohorts.services import change_status, set_details
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import TrainerError
from trainer.curriculum.queries import programme_of
from trainer.gates.models import Waiver
from trainer.gates.queries import case_file
from trainer.gates.services import revoke_waiver, waive
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import cancel, move


class Season:
    """One random act a day by people who may; acts that the rules refuse change nothing, as they should."""

    def __init__(self, world: Any, seed: int) -> None:
        self.world, self.dice = world, random.Random(seed)
        self.organiser, self.trainer = world.actor("organiser"), world.actor("trainer")
        self.assessor = world.actor("assessor")
        self.ids = [one.id for one in world.trainees]
        self.programme = programme_of(world.course.programme_version_id)

    def acts(self) -> list[Callable[[], Any]]:
        return [
            self.register,
            self.register,
            self.register,
            self.person,
            self.assess,
            self.waiver,
            self.session,
            self.made_up,
        ]

    def one(self) -> Enrolment:
        return session.get_one(Enrolment, self.dice.choice(self.ids))

    def register(self) -> None:
        row = self.dice.choice(sessions_of(self.world.course.id))
        if self.dice.random() < 0.1:
            return withdraw_register(self.organiser, session.get_one(Session, row.id), "another room")
        marks = {}
        for key in self.dice.sample(self.ids, self.dice.randint(1, 3)):
            kind = self.dice.choice(list(MarkKind))
            partial = kind in (MarkKind.LATE, MarkKind.LEFT_EARLY)
            marks[key] = MarkInput(kind, self.dice.randint(0, 240) if partial else None)
        save_register(self.trainer, session.get_one(Session, row.id), marks, reason="corrected")

    def person(self) -> None:
        if self.dice.random() < 0.4:
            day = date(2026, 9, 8) + timedelta(days=self.dice.randint(0, 40))
            set_details(self.organiser, self.one(), joined_on=day, entity=None)
        else:
            to = self.dice.choice(["paused", "enrolled", "withdrawn"])
            change_status(self.organiser, self.one(), to)

    def assess(self) -> None:
        codes = self.dice.sample(list(self.programme.competency_codes), 12)
        level = self.dice.choice(self.programme.scale.codes)
        assert self.assessor.person_id is not None
        rows = [
            AssessmentInput(code, level, "assessor", self.assessor.person_id, clock.today()) for code in codes
        ]
        record_assessments(self.assessor, self.one(), rows)

    def waiver(self) -> None:
        known = list(session.scalars(select(Waiver).where(Waiver.revoked_at.is_(None))))
        if known and self.dice.random() < 0.5:
            return revoke_waiver(self.organiser, self.dice.choice(known))
        until = self.dice.choice([None, clock.today() + timedelta(days=self.dice.randint(0, 9))])
        waive(self.organiser, self.one(), self.dice.choice(list(self.programme.gates)), None, "agreed", until)
        return None

    def session(self) -> None:
        row = self.dice.choice(sessions_of(self.world.course.id))
        if self.dice.random() < 0.3:
            cancel(self.organiser, row, "the house is closed")
        else:
            move(self.organiser, row, row.starts_local + timedelta(days=self.dice.choice([-1, 1])))

    def made_up(self) -> None:
        """As the services write them: a row and its history."""
        row, enrolment = self.dice.choice(sessions_of(self.world.course.id)), self.one()
        with transaction():
            known = session.scalars(
                select(MakeUp).where(MakeUp.enrolment_id == enrolment.id, MakeUp.session_id == row.id)
            ).first()
            if known is None:
                known = MakeUp(
                    enrolment_id=enrolment.id,
                    session_id=row.id,
                    way="task",
                    minutes=self.dice.randint(0, 240),
                    status="agreed",
                    until=clock.today() + timedelta(days=self.dice.randint(0, 20)),
                    asked_at=clock.now(),
                    approved_at=clock.now(),
                )
                session.add(known)
            else:
                known.status = self.dice.choice(["agreed", "done", "declined"])
            session.flush()
            session.add(
                MakeUpEvent(
                    make_up_id=known.id,
                    at=clock.now(),
                    status=known.status,
                    minutes=known.minutes,
                    until=known.until,
                )
            )


def said(case: Any) -> dict[int, Any]:
    """Every decision with its figures and words."""
    return {
        key: {
            name: (
                gate.status,
                [
                    (one.key, one.status, one.have, one.need, str(one.explanation), str(one.next_step))
                    for one in gate.requirements
                ],
                str(gate.explanation),
            )
            for name, gate in gates.items()
        }
        for key, gates in case.decide().items()
    }


@pytest.mark.parametrize("seed", [3, 11])
def test_every_decision_can_be_replayed(world: Any, seed: int) -> None:
    season = Season(world, seed)
    begin = clock.now() + timedelta(days=1)  # the world was made just now: nothing of it was on record before
    kept: list[tuple[datetime, dict[int, Any]]] = []
    done = 0
    for day in range(60):
        at = begin + timedelta(days=day, minutes=day)
        with clock.frozen(at):
            try:
                season.dice.choice(season.acts())()
                done += 1
            except TrainerError:
                session.rollback()
            if day % 3 == 0:
                kept.append((at, said(case_file(world.course, season.ids))))
    assert done > 35
    assert len({str(one) for _, one in kept}) > 12  # the season was an eventful one
    for at, before in kept:
        with clock.frozen(begin + timedelta(days=90)):
            assert said(case_file(world.course, season.ids, as_of=at)) == before, at
