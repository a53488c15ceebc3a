"""A season of everything that can happen, each evening's decisions kept; replayed later, every one of them comes out again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from trainer.attendance.models import MakeUp, MakeUpEvent
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register, withdraw_register
from trainer.cohorts.imports import import_roster
from trainer.cohorts.models import Enrolment
from trainer.cohorts.services import add_by_hand, change_status, set_details
from trainer.competency.models import Appeal, Assessment, Evidence
from trainer.competency.services import (
    AssessmentInput,
    EvidenceInput,
    add_evidence,
    appeal,
    assign_appeal,
    decide_appeal,
    record_assessments,
    withdraw_evidence,
)
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import TrainerError
from trainer.core.tables import read_table
from trainer.curriculum.queries import programme_of
from trainer.dossier.models import DossierEntry
from trainer.dossier.services.base import append
from trainer.gates.models import Waiver
from trainer.gates.queries import case_file
from trainer.gates.services import revoke_waiver, waive
from trainer.people.models import Person
from trainer.people.queries import actor_for_email
from trainer.placement.models import Placement, PlacementLog
from trainer.placement.services import (
    Agreement,
    LogInput,
    add_log,
    change_log,
    close_placement,
    dispute,
    open_placement,
    remove_log,
    resume_placement,
    sign_off,
    withdraw_dispute,
)
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

    def others(self) -> list[Callable[[], Any]]:
        """Acts on what comes beside the sessions: hours of practice, appeals, evidence, documents, an imported roster."""
        return [self.practise] * 5 + [self.appeal] * 3 + [self.evidence, self.document, self.roster]

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

    def practise(self) -> None:
        """A placement is agreed first; then hours, signatures, disputes, other dates, an early end."""
        person = self.one()
        known = list(session.scalars(select(Placement).where(Placement.enrolment_id == person.id)))
        if not known:
            waive(self.organiser, person, "placement", None, "agreed")
            values = Agreement(
                self.world.host.id,
                date(2026, 9, 1),
                date(2027, 3, 1),
                600,
                reference_id=self.world.reference.id,
            )
            open_placement(self.organiser, person, values)
            return
        placement, reference = known[0], self.world.actor("reference")
        logs = list(session.scalars(select(PlacementLog).where(PlacementLog.placement_id == placement.id)))
        entry = LogInput(clock.today(), self.dice.randint(60, 900), "direct", str(len(logs)))
        act = self.dice.choice(["log", "sign", "dispute", "withdraw", "mend", "remove", "close", "reopen"])
        if act == "log" or not logs:
            add_log(self.organiser, placement, entry)
        elif act == "close":
            close_placement(self.organiser, placement)
        elif act == "reopen":
            resume_placement(self.organiser, placement)
        else:
            key = self.dice.choice(logs).id
            {
                "sign": lambda: sign_off(reference, placement, [key]),
                "dispute": lambda: dispute(reference, placement, key, "another day"),
                "withdraw": lambda: withdraw_dispute(reference, placement, key),
                "mend": lambda: change_log(self.organiser, placement, key, entry),
                "remove": lambda: remove_log(self.organiser, placement, key),
            }[act]()

    def appeal(self) -> None:
        """The last assessment is made again by somebody else: three acts, on three days."""
        open_ = session.scalars(select(Appeal).where(Appeal.status.in_(["open", "assigned"]))).first()
        if open_ is None:
            last = session.scalars(select(Assessment).order_by(Assessment.id.desc()).limit(9)).all()
            one = self.dice.choice(list(last) or [None])
            if one is not None:
                person = session.get_one(Person, session.get_one(Enrolment, one.enrolment_id).person_id)
                appeal(
                    actor_for_email(str(person.email)), self.world.course.code, one.id, "I see it otherwise."
                )
        elif open_.status == "open":
            assign_appeal(self.organiser, open_.id, self.world.trainer.id)
        else:
            level = self.dice.choice(self.programme.scale.codes)
            decide_appeal(self.trainer, open_.id, True, level, "Seen again.")

    def evidence(self) -> None:
        known = list(session.scalars(select(Evidence)))
        if known and self.dice.random() < 0.5:
            withdraw_evidence(self.organiser, self.dice.choice(known).id)
            return
        codes = [self.programme.competency_codes[0]]
        enrolment = self.one()
        shown = add_evidence(self.organiser, enrolment, EvidenceInput("note", codes, words="seen"))
        assert self.assessor.person_id is not None
        rests = AssessmentInput(
            codes[0],
            self.programme.scale.codes[-1],
            "assessor",
            self.assessor.person_id,
            clock.today(),
            evidence_ids=(shown.id,),
        )
        record_assessments(self.assessor, enrolment, [rests])

    def document(self) -> None:
        """As the services write them: an entry, and one that takes it back."""
        with transaction():
            enrolment = self.one()
            known = list(
                session.scalars(select(DossierEntry).where(DossierEntry.enrolment_id == enrolment.id))
            )
            wrong = self.dice.choice(known) if known and self.dice.random() < 0.4 else None
            state = "void" if wrong else self.dice.choice(["handed_in", "accepted", "returned"])
            append(
                self.organiser,
                enrolment,
                "document",
                "id",
                state,
                clock.today(),
                voids_id=wrong.id if wrong else None,
            )

    def roster(self) -> None:
        person = session.get_one(Person, self.one().person_id)
        day = date(2026, 9, 8) + timedelta(days=self.dice.randint(0, 40))
        lines = f"given_name,family_name,email,joined_on\n{person.given_name},{person.family_name},{person.email},{day}"
        import_roster(self.organiser, self.world.course, read_table("r.csv", lines.encode()), "r.csv")


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


def kept_of(case: Any) -> tuple[Any, Any]:
    """The decisions, and the facts behind them that not every programme decides on."""
    return said(case), {name: case.facts[name] for name in ("competency", "placement", "dossier")}


@pytest.mark.parametrize("seed", [3, 11])
def test_every_decision_can_be_replayed(world: Any, seed: int) -> None:
    season = Season(world, seed)
    begin = clock.now() + timedelta(days=1)  # the world was made just now: nothing of it was on record before
    kept: list[tuple[datetime, Any]] = []
    done: Counter[str] = Counter()
    for day in range(44):
        at = begin + timedelta(days=day, minutes=day)
        with clock.frozen(at):
            for acts in (season.acts(), season.others()):
                act = season.dice.choice(acts)
                try:
                    act()
                    done[act.__name__] += 1
                except TrainerError:
                    session.rollback()
            if day % 4 == 0:
                kept.append((at, kept_of(case_file(world.course, season.ids, also=["dossier"]))))
    assert done.total() > 50 and len(done) == len({one.__name__ for one in season.acts() + season.others()})
    assert len({str(one) for _, one in kept}) > 9  # the season was an eventful one
    for at, before in kept:
        with clock.frozen(begin + timedelta(days=90)):
            assert kept_of(case_file(world.course, season.ids, as_of=at, also=["dossier"])) == before, at


def test_a_roster_that_comes_later_changes_no_earlier_day_of_joining(world: Any) -> None:
    """The import wrote the day over, and every decision of before was told with it."""

    def joined(at: datetime | None = None) -> date | None:
        facts: dict[int, Any] = dict(case_file(course, [first.id], at).facts["attendance"])
        return facts[first.id].joined_on

    course, first, known = world.course, world.trainees[0], clock.now() + timedelta(days=1)
    with clock.frozen(known + timedelta(days=9)):
        lines = (
            f"given_name,family_name,email,joined_on\nNúria00,Peñafiel i Puig,{first.person.email},2026-09-20"
        )
        import_roster(world.actor("organiser"), course, read_table("r.csv", lines.encode()), "r.csv")
        assert joined() == date(2026, 9, 20)
        assert joined(known) is None  # from the beginning
        assert joined(known + timedelta(days=9)) == date(2026, 9, 20)


def test_who_was_only_invited_then_is_nobodys_case_of_then(world: Any, ctx: Any) -> None:
    """And a day of joining that was taken away before somebody came is not theirs afterwards."""
    organiser, course = world.actor("organiser"), world.course
    begin = clock.now()
    with clock.frozen(begin + timedelta(days=1)):
        new = add_by_hand(
            organiser,
            course,
            given_name="Ona",
            family_name="Puig",
            email="ona@example.org",
            joined_on=date(2026, 9, 20),
        )
    with clock.frozen(begin + timedelta(days=2)):
        set_details(organiser, new, joined_on=None, entity=None)
    with clock.frozen(begin + timedelta(days=4)):
        change_status(organiser, new, "enrolled", date(2026, 9, 30))
        now = case_file(course, also=["attendance"])
    assert session.get_one(Enrolment, new.id).joined_on == date(2026, 9, 30)
    with clock.frozen(begin + timedelta(days=9)):
        assert new.id not in case_file(course, as_of=begin + timedelta(days=3)).enrolment_ids
        later = case_file(course, as_of=begin + timedelta(days=5), also=["attendance"])
        assert set(later.enrolment_ids) == set(now.enrolment_ids)
        known = later.facts["attendance"][new.id], now.facts["attendance"][new.id]
        assert known[0].joined_on == known[1].joined_on == date(2026, 9, 30)
