"""The default programme: 10 sessions of 240 minutes, 2,400 in all; 80 % is 1,920, so 480 minutes may be missed.

`placement` asks for that; `accreditation` for all competencies too; `completion` for 260 hours (15,600 minutes) of any kind.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.standing import START, Case, check, day, made, practice, shipped
from trainer.cohorts.rules import PauseSpan
from trainer.competency.rules import Judgement
from trainer.gates.rules import Waiver

PROGRAMME = shipped("peer-support-worker")
FIRST = PROGRAMME.competency_codes[0]


def waiver(gate: str, key: str | None, until: date | None = None) -> Waiver:
    return Waiver(gate, key, "agreed", "Marta", START, until)


ALL_MET = {"placement": "met", "accreditation": "met", "completion": "met"}
NO_PRACTICE = {"placement": "met", "accreditation": "met", "completion": "not_yet"}
ATTENDED = {"placement": "met", "accreditation": "not_yet", "completion": "not_yet"}
STILL = {"placement": "not_yet", "accreditation": "not_yet", "completion": "not_yet"}
LOST = {"placement": "unreachable", "accreditation": "unreachable", "completion": "unreachable"}
ACHIEVED = {"*": "achieved"}

PEOPLE = [
    Case("everything, with two sessions missed: 8 x 240 = 1,920 exactly", "P P P A P P P P A P", ALL_MET,
         judged=ACHIEVED, placements=(practice(day(11), (15600, "direct")),)),
    Case("one minute below: 7 x 240 + 239 = 1,919 of a base in which nothing is open", "P P P A P P P P A 239", LOST,
         {"placement": {"attendance"}, "accreditation": {"gate:placement"}}, judged=ACHIEVED),
    Case("the same person with the last session unmarked: 1,680 and 240 open", "P P P A P P P P A ?", STILL),
    Case("unmarked counts neither way: 1,920 are there without it", "P P P P P P P P ? A", ATTENDED),
    Case("eight to come: nothing is decided", "P A - - - - - - - -", STILL),
    Case("three missed at the third session: 7 x 240 = 1,680 at best", "A A A - - - - - - -", LOST),
    Case("excused counts as absent here: 3 missed", "E E E P P P P P P P", LOST),
    Case("of the three, one is made up: 1,680 + 240 = 1,920", "E E E P P P P P P P", ATTENDED, make_ups=(made(2, 240),)),
    Case("a make-up of 239 minutes is one too few", "A A A P P P P P P P", LOST, make_ups=(made(2, 239),)),
    Case("a make-up never passes its session: 999 minutes for the 1 that was missed give 1; 1,680 + 1", "A A A 239 P P P P P P",
         LOST, make_ups=(made(4, 999),)),
    Case("agreed and not done: still possible", "A A A P P P P P P P", STILL,
         {"placement": {"attendance"}}, make_ups=(made(2, 240, "agreed", date(2027, 12, 31)),)),
    Case("agreed, but its day has passed", "A A A P P P P P P P", LOST, make_ups=(made(2, 240, "agreed", date(2026, 9, 1)),)),
    Case("joined for the fourth: the full base stays, 7 x 240", "? ? ? P P P P P P P", LOST, joined=day(4)),
    Case("joined for the third and missed none: 8 x 240", "? ? P P P P P P P P", ATTENDED, joined=day(3)),
    Case("paused over two sessions: they stay in the base, 8 x 240 are enough", "P P ? ? P P P P P P", ATTENDED,
         pauses=(PauseSpan(day(3), day(5)),)),
    Case("one cancelled: 9 x 240 = 2,160, 80 % is 1,728; 7 x 240 + 48 = 1,728", "X A P P P P P P P 48", ATTENDED),
    Case("one cancelled, one minute less", "X A P P P P P P P 47", LOST),
    Case("the last took 120 minutes: base 2,280, 80 % is 1,824; 7 x 240 + 120 + 24", "P P P P P P P A 24 P", ATTENDED,
         lengths={10: 120}),
    Case("waived: the work practice opens, and what builds on it", "A A A P P P P P P P",
         {"placement": "waived", "accreditation": "met", "completion": "not_yet"},
         judged=ACHIEVED, waivers=(waiver("placement", "attendance"),)),
    Case("a waiver that has run out", "A A A P P P P P P P", LOST, judged=ACHIEVED,
         waivers=(waiver("placement", "attendance", date(2026, 12, 31)),)),
    Case("all but one competency", "P P P P P P P P P P", ATTENDED, {"accreditation": {"competencies"}},
         judged={"*": "leading", FIRST: "emerging"}),
    Case("the newest assessment decides: it was achieved, and then not yet", "P P P P P P P P P P", ATTENDED, judged=ACHIEVED,
         judgements=(Judgement(FIRST, "emerging", "peer_assessor", 2, day(9), 900),)),
    Case("what people say of themselves never decides", "P P P P P P P P P P", NO_PRACTICE, judged=ACHIEVED,
         judgements=(Judgement(FIRST, "not_yet", "self", 9, day(9), 900),)),
    Case("259 h 59 min of practice", "P P P P P P P P P P", NO_PRACTICE, {"completion": {"placement_hours"}},
         judged=ACHIEVED, placements=(practice(day(11), (15599, "direct")),)),
    Case("260 hours of every kind, over two placements", "P P P P P P P P P P", ALL_MET, judged=ACHIEVED,
         placements=(practice(day(11), (7000, "direct"), (1000, "supervision")), practice(day(30), (7600, "training")))),
    Case("hours that nobody signed off do not count yet", "P P P P P P P P P P", NO_PRACTICE, judged=ACHIEVED,
         placements=(practice(day(11), (15600, "direct"), state="waiting"),)),
]  # fmt: skip


@pytest.mark.parametrize("case", PEOPLE, ids=str)
def test_people(case: Case) -> None:
    check(PROGRAMME, case)
