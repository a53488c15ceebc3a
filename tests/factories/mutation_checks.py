"""Whatever loads as a programme can be said, compared and decided. Pure."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from tests.factories.standing import START, Case, day, decide, made, practice
from trainer.curriculum.rules import (
    Programme,
    attendance_words,
    certificate_words,
    gate_words,
    placement_words,
    requirement_words,
    rule_words,
    summary,
    things_words,
)
from trainer.curriculum.rules.diff import differences, touches_words


def somebody(programme: Programme, chance: random.Random) -> Case:
    """A person on a course of the programme, with a bit of everything on record."""
    meetings = sum(len(module.meetings) for module in programme.modules)
    marks = [chance.choice(("P", "P", "P", "A", "E", "?", "-", "X", "30")) for _ in range(meetings)]
    levels = programme.scale.codes
    judged = {
        code: chance.choice(levels) for code in programme.competency_codes if levels and chance.random() < 0.7
    }
    entries: list[tuple[Any, ...]] = []
    for test in programme.tests:
        entries.append(("test", test.code, "taken", day(2), chance.randint(0, test.out_of), test.out_of))
    for decision in programme.decisions:
        entries.append(("decision", decision.code, chance.choice(("yes", "not_yet")), day(3)))
    return Case(
        "somebody",
        " ".join(marks),
        judged=judged,
        joined=chance.choice((None, day(2))),
        make_ups=(made(1, 30),) if chance.random() < 0.5 else (),
        papers=chance.choice(((), ("*",))),
        entries=tuple(entries),
        placements=(practice(START, (600, "direct")), practice(START + timedelta(weeks=9), (9000, "team")))
        if chance.random() < 0.7
        else (),
        today=START + timedelta(days=chance.randrange(900)),
    )


def survives(programme: Programme, chance: random.Random, before: Programme | None = None) -> None:
    """Says, decides and compares the programme; whatever is not there raises."""
    said: list[Any] = [*attendance_words(programme), *placement_words(programme), *rule_words(programme)]
    said += certificate_words(programme)
    for gate in programme.gates.values():
        said.append(gate_words(programme, gate))
        said += [requirement_words(programme, one) for one in gate.requirements]
    said += [heading for heading, _ in things_words(programme)]
    assert all(str(one) for one in said)
    for language in (*programme.languages, "xx"):
        summary(programme, language)
    for _ in range(2):
        results = decide(programme, somebody(programme, chance))
        assert list(results) == list(programme.gates)
        assert all(one.explanation is not None for one in results.values())
    for change in differences(before or programme, programme):
        assert str(change.said) and str(touches_words(change))
