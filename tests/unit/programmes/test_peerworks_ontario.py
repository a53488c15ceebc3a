"""Ontario: 17 classes of 120 minutes; at most 2 missed whole; classes 6, 8 and 9 cannot be missed nor made up for level 1R.

Level 1 is the trainers' decision, level 1R another; the certificate asks for 50 hours (3,000 minutes) of direct support.
"""

from __future__ import annotations

import pytest

from tests.factories.standing import Case, check, day, made, practice, shipped
from trainer.cohorts.rules import PauseSpan
from trainer.gates.rules import Waiver

PROGRAMME = shipped("peerworks-ontario")
LEVEL_1 = ("decision", "level-1", "yes", day(18))
LEVEL_1R = ("decision", "level-1r", "yes", day(18))
PRACTICUM = ("decision", "practicum", "yes", day(40))
BOTH = (LEVEL_1, LEVEL_1R)
HOURS = (practice(day(20), (3000, "direct")),)


def levels(one: str, recommended: str, certified: str) -> dict[str, str]:
    return {"level-1": one, "level-1r": recommended, "accreditation": certified}


def marks(**missed: str) -> str:
    """All present but for what is named: c6="A"."""
    return " ".join(missed.get(f"c{number}", "P") for number in range(1, 18))


PEOPLE = [
    Case("all seventeen, and the practicum", marks(), levels("met", "met", "met"), entries=(*BOTH, PRACTICUM),
         placements=HOURS),
    Case("no practicum: it is optional, and level 1R stands", marks(), levels("met", "met", "not_yet"),
         {"accreditation": {"placement_hours", "decision"}}, entries=BOTH),
    Case("two classes missed, the most there is", marks(c1="A", c17="A"), levels("met", "met", "not_yet"), entries=BOTH),
    Case("three classes missed", marks(c1="A", c2="A", c17="A"), levels("unreachable", "unreachable", "unreachable"),
         {"level-1": {"max_absences"}}, entries=BOTH),
    Case("three missed, one of them made up by agreed work", marks(c1="A", c2="A", c17="A"), levels("met", "met", "not_yet"),
         entries=BOTH, make_ups=(made(2, 120),)),
    Case("three missed, one to be made up", marks(c1="A", c2="A", c17="A"), levels("not_yet", "not_yet", "not_yet"),
         entries=BOTH, make_ups=(made(2, 120, "agreed"),)),
    Case("a minute of a class is not a class missed", marks(c1="1", c2="A", c17="A"), levels("met", "met", "not_yet"),
         entries=BOTH),
    Case("excused is missed all the same", marks(c1="E", c2="E", c17="E"), levels("unreachable", "unreachable", "unreachable"),
         entries=BOTH),
    Case("class 6 missed: level 1, and not 1R", marks(c6="A"), levels("met", "unreachable", "unreachable"),
         {"level-1r": {"unmissable"}}, entries=BOTH),
    Case("class 8 missed and made up: for level 1R that does not help", marks(c8="A"),
         levels("met", "unreachable", "unreachable"), entries=BOTH, make_ups=(made(8, 120),)),
    Case("late at class 9: there, and so not missed", marks(c9="30"), levels("met", "met", "not_yet"), entries=BOTH),
    Case("class 9 is not marked yet: 1R waits", marks(c9="?"), levels("met", "not_yet", "not_yet"),
         {"level-1r": {"unmissable"}}, entries=BOTH),
    Case("class 6 missed, and waived by name", marks(c6="A"), levels("met", "waived", "not_yet"), entries=BOTH,
         waivers=(Waiver("level-1r", "unmissable", "one to one session", "Marta", day(18)),)),
    Case("two missed and one unmarked: it may yet be a third", marks(c1="A", c2="A", c3="?"),
         levels("not_yet", "not_yet", "not_yet"), {"level-1": {"max_absences"}}, entries=BOTH),
    Case("one missed and one unmarked: two at most", marks(c1="A", c3="?"), levels("met", "met", "not_yet"), entries=BOTH),
    Case("joined for the fourth class: three are missed, the full base stays", marks(c1="?", c2="?", c3="?"),
         levels("unreachable", "unreachable", "unreachable"), entries=BOTH, joined=day(4)),
    Case("paused over two classes: they are missed, and two may be", marks(c1="?", c2="?"), levels("met", "met", "not_yet"),
         entries=BOTH, pauses=(PauseSpan(day(1), day(3)),)),
    Case("a class that was cancelled is missed by nobody", marks(c6="P", c1="X", c2="A", c3="A"),
         levels("met", "met", "not_yet"), entries=BOTH),
    Case("the trainers say level 1, and not yet for 1R", marks(), levels("met", "not_yet", "not_yet"),
         {"level-1r": {"decision"}}, entries=(LEVEL_1, ("decision", "level-1r", "not_yet", day(18)))),
    Case("nobody has decided", marks(), levels("not_yet", "not_yet", "not_yet"), {"level-1": {"decision"}}),
    Case("49 h 59 min with people", marks(), levels("met", "met", "not_yet"), {"accreditation": {"placement_hours"}},
         entries=(*BOTH, PRACTICUM), placements=(practice(day(20), (2999, "direct")),)),
    Case("team meetings are not person-to-person support", marks(), levels("met", "met", "not_yet"),
         entries=(*BOTH, PRACTICUM), placements=(practice(day(20), (2940, "direct"), (600, "team")),)),
]  # fmt: skip


@pytest.mark.parametrize("case", PEOPLE, ids=str)
def test_people(case: Case) -> None:
    check(PROGRAMME, case)
