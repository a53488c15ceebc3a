"""The Australian Certificate IV: all 8 core units, 7 electives (10 of the list, at most two from elsewhere), competent or
not yet; 80 hours (4,800 minutes) of work.

Each specialisation asks for two named electives more. Nothing asks for attendance.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.factories.standing import Case, check, day, practice, shipped
from trainer.competency.rules import Judgement
from trainer.gates.rules import Waiver

PROGRAMME = shipped("cert-iv-mental-health-peer-work")
CORE = [f"{one}.unit" for one in ("diverse-people", "trauma", "self-advocacy", "wellbeing", "practice", "improvement",
                                  "lived-experience", "safety")]  # fmt: skip
CONSUMER = ["consumer-work.unit", "recovery-relationships.unit"]
CARER = ["carer-work.unit", "families.unit"]
OTHERS = [f"{one}.unit" for one in ("group-facilitation", "suicide-safety", "crisis", "alcohol-drugs", "networks",
                                    "law-and-ethics")]  # fmt: skip
ELSEWHERE = ["elsewhere.first", "elsewhere.second"]
WORK = (practice(day(1), (4800, "direct")),)


def competent(*codes: str) -> dict[str, str]:
    return dict.fromkeys(codes, "competent")


def awards(whole: str, consumer: str, carer: str) -> dict[str, str]:
    return {"accreditation": whole, "consumer": consumer, "carer": carer}


def judgement(code: str, level: str, kind: str, number: int) -> Judgement:
    return Judgement(code, level, kind, 7, day(number), 900 + number)


SEVEN: dict[str, Any] = {"judged": competent(*CORE, *CONSUMER, *OTHERS[:5])}
NOT_AT_ALL = awards("not_yet", "not_yet", "not_yet")

PEOPLE = [
    Case("nothing yet", gates=NOT_AT_ALL, open={"accreditation": {"core", "electives", "placement_hours"}}),
    Case("8 core and 7 elective units, two of them the consumer group", gates=awards("met", "met", "not_yet"),
         open={"carer": {"competencies"}}, placements=WORK, **SEVEN),
    Case("8 core and 6 elective units", gates=NOT_AT_ALL, open={"accreditation": {"electives"}}, placements=WORK,
         judged=competent(*CORE, *CONSUMER, *OTHERS[:4])),
    Case("7 core and all electives: one cannot stand for the other", gates=NOT_AT_ALL, open={"accreditation": {"core"}},
         placements=WORK, judged=competent(*CORE[:7], *CONSUMER, *CARER, *OTHERS)),
    Case("five electives of the list and two from elsewhere", gates=awards("met", "met", "not_yet"), placements=WORK,
         judged=competent(*CORE, *CONSUMER, *OTHERS[:3], *ELSEWHERE)),
    Case("four of the list and two from elsewhere: six", gates=NOT_AT_ALL, open={"accreditation": {"electives"}},
         placements=WORK, judged=competent(*CORE, *CONSUMER, *OTHERS[:2], *ELSEWHERE)),
    Case("all twenty units: both specialisations", gates=awards("met", "met", "met"), placements=WORK,
         judged={"*": "competent"}),
    Case("7 electives with one unit of each group: neither specialisation", gates=awards("met", "not_yet", "not_yet"),
         placements=WORK, judged=competent(*CORE, CONSUMER[0], CARER[0], *OTHERS[:5])),
    Case("the carer group", gates=awards("met", "not_yet", "met"), placements=WORK,
         judged=competent(*CORE, *CARER, *OTHERS[:5])),
    Case("79 h 59 min of work", gates=NOT_AT_ALL, open={"accreditation": {"placement_hours"}},
         placements=(practice(day(1), (4799, "direct")),), **SEVEN),
    Case("80 hours of every kind, in two places", gates=awards("met", "met", "not_yet"),
         placements=(practice(day(1), (2000, "direct"), (800, "training")), practice(day(9), (2000, "reflection"))), **SEVEN),
    Case("work that is not signed off yet", gates=NOT_AT_ALL, placements=(practice(day(1), (4800, "direct"), state="waiting"),),
         **SEVEN),
    Case("a unit not yet there, and then competent: the newest decides", gates=awards("met", "met", "not_yet"), placements=WORK,
         judged={**SEVEN["judged"], CORE[0]: "not-yet"}, judgements=(judgement(CORE[0], "competent", "assessor", 5),)),
    Case("a unit competent, and then not yet", gates=NOT_AT_ALL, open={"accreditation": {"core"}}, placements=WORK,
         judgements=(judgement(CORE[0], "not-yet", "assessor", 5),), **SEVEN),
    Case("a unit recognised from before", gates=awards("met", "met", "not_yet"), placements=WORK,
         judged=competent(*CORE[1:], *CONSUMER, *OTHERS[:5]),
         judgements=(judgement(CORE[0], "competent", "prior_learning", 5),)),
    Case("a unit that somebody thinks they have: a self-assessment is none", gates=NOT_AT_ALL, placements=WORK,
         judged=competent(*CORE[1:], *CONSUMER, *OTHERS[:5]), judgements=(judgement(CORE[0], "competent", "self", 5),)),
    Case("never in the room, and it does not matter", " ".join("A" * 19), awards("met", "met", "not_yet"), placements=WORK,
         **SEVEN),
    Case("the hours waived for somebody who works there", gates=awards("waived", "met", "not_yet"),
         waivers=(Waiver("accreditation", "placement_hours", "employed since 2020", "Marta", day(1)),), **SEVEN),
]  # fmt: skip


@pytest.mark.parametrize("case", PEOPLE, ids=str)
def test_people(case: Case) -> None:
    check(PROGRAMME, case)
