"""Judgements as of a moment, what an appeal changed, and what a cell says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from trainer.competency.models import Appeal
from trainer.competency.queries import judgements, standings
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.competency.views.cells import cell, next_words
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.i18n import say
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import AssessorRule

FIRST = "introduction.role"


def judged(world: Any, who: str, level: str, kind: str = "assessor") -> int:
    one = AssessmentInput(FIRST, level, kind, world.person_id(who), clock.today())
    return record_assessments(world.actor(who), world.trainees[0], [one])[0].id


def test_what_was_on_record_at_a_moment_and_what_an_appeal_changed(world: Any, count_queries: Any) -> None:
    first = judged(world, "assessor", "emerging")
    second = judged(world, "trainer", "achieved")
    now = clock.now()
    with transaction():
        session.add(
            Appeal(
                enrolment_id=world.trainees[0].id,
                assessment_id=first,
                words="x",
                made_at=now,
                answer_by=clock.today(),
                status="changed",
                decided_at=now + timedelta(hours=1),
                outcome="y",
                outcome_assessment_id=second,
            )
        )
    course, (key, *_rest) = world.course.id, [one.id for one in world.trainees]
    with count_queries() as seen:
        found = judgements(course, [key])
    assert seen.count == 1
    assert [(one.id, one.overruled) for one in found[key]] == [(first, True), (second, False)]
    assert [one.overruled for one in judgements(course, [key], now)[key]] == [False, False]
    assert judgements(course, [key], now - timedelta(days=1)) == {}
    standing = standings(course, programme_of(world.course.programme_version_id))[key][FIRST]
    assert (standing.level_code, standing.assessors, standing.disagreement) == ("achieved", 1, False)


def test_a_cell_says_in_words_what_it_shows(world: Any) -> None:
    judged(world, "assessor", "achieved")
    judged(world, "trainee", "emerging", "self")
    programme = programme_of(world.course.programme_version_id)
    rule = AssessorRule(2, "latest", {"peer_assessor": 1})
    strict = replace(programme, scale=replace(programme.scale, assessors=rule))
    shown = {}
    for name, one in (("open", programme), ("strict", strict)):
        standing = standings(world.course.id, one)[world.trainees[0].id][FIRST]
        shown[name] = cell(one, standing)
        words = next_words(one, one.competency(FIRST), standing)
        assert (words is None) == (name == "open")
        if words is not None:
            assert say(words) == "Next: an assessment by one more peer assessor."
    assert (shown["open"].passing, shown["open"].waiting, shown["open"].rank) == (True, False, 2)
    assert (shown["strict"].passing, shown["strict"].waiting, shown["strict"].rank) == (False, True, 2)
    assert shown["open"].words == "Achieved; own view: Emerging"
    assert shown["strict"].words == "Achieved; not decided: one more peer assessor; own view: Emerging"
    assert cell(programme, None).words == "not assessed yet"
