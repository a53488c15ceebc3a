"""Recording assessments: who may, of whom, and what is written."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from trainer.audit.queries import entries, verify
from trainer.competency.models import Assessment
from trainer.competency.queries import standings
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.core import clock
from trainer.core.database import session
from trainer.core.errors import Invalid, Refused
from trainer.curriculum.queries import programme_of
from trainer.gates.queries import standings as gates

TODAY = date(2026, 11, 21)


def judged(world: Any, who: str = "assessor", kind: str = "assessor", **values: Any) -> AssessmentInput:
    fields = {"competency_code": "introduction.role", "level_code": "achieved", "assessed_on": clock.today()}
    return AssessmentInput(**{**fields, "kind": kind, "assessor_id": world.person_id(who), **values})


def test_an_assessment_is_appended_and_audited(world: Any) -> None:
    first, second = (
        record_assessments(world.actor("assessor"), world.trainees[0], [judged(world, level_code=level)])[0]
        for level in ("emerging", "achieved")
    )
    assert first.id != second.id
    programme = programme_of(world.course.programme_version_id)
    found = standings(world.course.id, programme)[world.trainees[0].id]["introduction.role"]
    assert found.level_code == "achieved"
    assert [entry.action for entry in entries()].count("assessment.recorded") == 2
    assert verify().broken_at is None


@pytest.mark.parametrize("role", ["registrar", "reference", "other_organiser", "other_registrar"])
def test_outsiders_do_not_assess(world: Any, role: str) -> None:
    with pytest.raises(Refused):
        record_assessments(world.actor(role), world.trainees[0], [judged(world, role)])


def test_nobody_assesses_themself(world: Any) -> None:
    me = world.actor("trainee")
    with pytest.raises(Refused):
        record_assessments(me, world.trainees[0], [judged(world, "trainee")])
    with pytest.raises(Refused):
        record_assessments(world.actor("assessor"), world.trainees[0], [judged(world, "trainee")])
    assert record_assessments(me, world.trainees[0], [judged(world, "trainee", "self")])


def test_a_self_assessment_is_the_persons_own(world: Any) -> None:
    with pytest.raises(Refused):
        record_assessments(world.actor("assessor"), world.trainees[0], [judged(world, "assessor", "self")])


@pytest.mark.parametrize(
    "wrong",
    [
        {"competency_code": "introduction.nothing"},
        {"level_code": "excellent"},
        {"kind": "guess"},
        {"assessed_on": date(2999, 1, 1)},
    ],
)
def test_bad_input_writes_nothing(world: Any, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        record_assessments(
            world.actor("assessor"), world.trainees[0], [judged(world), judged(world, **wrong)]
        )
    assert session.scalar(select(func.count()).select_from(Assessment)) == 0


def test_the_gate_is_met_when_every_competency_is(world: Any) -> None:
    programme = programme_of(world.course.programme_version_id)
    enrolment = world.trainees[0]
    requirement = gates(world.course)[enrolment.id]["accreditation"].requirements[1]
    assert (requirement.kind, requirement.have, requirement.status) == ("competencies", "0", "not_yet")
    inputs = [judged(world, competency_code=code) for code in programme.competency_codes]
    record_assessments(world.actor("assessor"), enrolment, inputs)
    requirement = gates(world.course)[enrolment.id]["accreditation"].requirements[1]
    assert (requirement.have, requirement.status) == (str(len(inputs)), "met")
    later = judged(world, level_code="emerging", assessed_on=clock.today() - timedelta(days=1))
    record_assessments(world.actor("assessor"), enrolment, [later])
    assert gates(world.course)[enrolment.id]["accreditation"].requirements[1].status == "met"
    record_assessments(world.actor("assessor"), enrolment, [judged(world, level_code="emerging")])
    requirement = gates(world.course)[enrolment.id]["accreditation"].requirements[1]
    assert requirement.status == "not_yet"
    assert requirement.next_step is not None
