"""EX-IN: 12 modules x 22 units x 45 minutes = 11,880 minutes; 10 % is 1,188, so 10,692 are needed.

A module has three sessions of 270, 450 and 270 minutes. Then 40 h (2,400 minutes) in the first placement, 80 h (4,800) in the
second, in that order, four documents, four parts of a portfolio, and the presentation.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.standing import Case, check, day, made, practice, shipped
from trainer.gates.rules import Waiver

PROGRAMME = shipped("ex-in")
MODULE, NOT_THERE = "P P P ", "A A A "
FULL = MODULE * 12
# The first placement is done in week 20, the second in week 40, the presentation is in week 60.
TWO = (practice(day(20), (2400, "direct")), practice(day(40), (4800, "direct")))
PRESENTED = ("decision", "presentation", "yes", day(60))
REST = {"placements": TWO, "papers": ("*",), "entries": (PRESENTED,)}


def met() -> dict[str, str]:
    return {"accreditation": "met"}


def not_yet() -> dict[str, str]:
    return {"accreditation": "not_yet"}


def lost() -> dict[str, str]:
    return {"accreditation": "unreachable"}


def stands_in_the_way(*keys: str) -> dict[str, set[str]]:
    return {"accreditation": set(keys)}


PEOPLE = [
    Case("was at everything", FULL, met(), **REST),
    Case("missed one whole module: 990, under 1,188", NOT_THERE + MODULE * 11, met(), **REST),
    Case("missed a module and 198 minutes more: 1,188 exactly (72 of a 270 session)", NOT_THERE + MODULE * 10 + "P P 72",
         met(), **REST),
    Case("one minute more: 1,189", NOT_THERE + MODULE * 10 + "P P 71", lost(), stands_in_the_way("max_absences"), **REST),
    Case("the same, and the module is made up at another site", NOT_THERE + MODULE * 10 + "P P 71", met(),
         make_ups=(made(1, 270), made(2, 450), made(3, 270)), **REST),
    Case("the same, and it is agreed for next year", NOT_THERE + MODULE * 10 + "P P 71", not_yet(),
         stands_in_the_way("max_absences"), make_ups=(made(2, 450, "agreed", date(2027, 12, 1)),), **REST),
    Case("two modules missed: 1,980", NOT_THERE * 2 + MODULE * 10, lost(), **REST),
    Case("two modules missed, excused: it counts as absent", "E E E " * 2 + MODULE * 10, lost(), **REST),
    Case("of two modules, two sessions of 450 made up: 1,080 missed", NOT_THERE * 2 + MODULE * 10, met(),
         make_ups=(made(2, 450), made(5, 450)), **REST),
    Case("the last module is to come: nothing is decided while 198 more could still be missed",
         NOT_THERE + MODULE * 10 + "- - -", not_yet(), stands_in_the_way("max_absences"), **REST),
    Case("the last session is not marked: 990 missed and 270 open, which is more than 198",
         NOT_THERE + MODULE * 10 + "P P ?", not_yet(), stands_in_the_way("max_absences"), **REST),
    Case("the last session is not marked, and nothing else was missed: 270 is under 1,188", MODULE * 11 + "P P ?", met(),
         **REST),
    Case("joined for the third module: 1,980 are gone, the full base stays", "? ? ? " * 2 + MODULE * 10, lost(),
         joined=day(7), **REST),
    Case("39 h 59 min in the first placement: the order waits for it too", FULL, not_yet(),
         stands_in_the_way("first-placement", "second-placement", "order", "decision"), papers=("*",),
         placements=(practice(day(20), (2399, "direct")),)),
    Case("120 hours in one placement are not two placements", FULL, not_yet(),
         stands_in_the_way("second-placement", "order", "decision"), papers=("*",),
         placements=(practice(day(20), (7200, "direct")),)),
    Case("80 hours first, then 40: the second placement has too few", FULL, not_yet(),
         stands_in_the_way("second-placement", "order", "decision"), papers=("*",),
         placements=(practice(day(20), (4800, "direct")), practice(day(40), (2400, "direct")))),
    Case("the second was begun before the first was done: out of order", FULL, lost(), stands_in_the_way("order"),
         papers=("*",), entries=(PRESENTED,),
         placements=(practice(day(20), (60, "direct"), (2340, "direct", day(45))), practice(day(40), (4800, "direct")))),
    Case("presented all the same, with the second placement still to do: out of order", FULL, lost(),
         stands_in_the_way("second-placement", "order"), papers=("*",), entries=(PRESENTED,), placements=TWO[:1]),
    Case("presented before the second placement was done: out of order", FULL, lost(), stands_in_the_way("order"),
         placements=TWO, papers=("*",), entries=(("decision", "presentation", "yes", day(39)),)),
    Case("presented too early, and once more at the end", FULL, met(), placements=TWO, papers=("*",),
         entries=(("decision", "presentation", "yes", day(39)), PRESENTED)),
    Case("out of order, and the order waived", FULL, {"accreditation": "waived"}, placements=TWO, papers=("*",),
         entries=(("decision", "presentation", "yes", day(39)),),
         waivers=(Waiver("accreditation", "order", "agreed with the site", "Marta", day(60)),)),
    Case("one report is missing", FULL, not_yet(), stands_in_the_way("documents"), placements=TWO,
         papers=("*", "-report-2"), entries=(PRESENTED,)),
    Case("the profile is handed in, and nobody has looked yet", FULL, not_yet(), stands_in_the_way("portfolio"), placements=TWO,
         papers=("*", "-profile"), entries=(PRESENTED, ("portfolio", "profile", "handed_in", day(50)))),
    Case("a decision taken back by a later one", FULL, not_yet(), stands_in_the_way("decision", "order"), placements=TWO,
         papers=("*",), entries=(PRESENTED, ("decision", "presentation", "not_yet", day(61)))),
]  # fmt: skip


@pytest.mark.parametrize("case", PEOPLE, ids=str)
def test_people(case: Case) -> None:
    check(PROGRAMME, case)
