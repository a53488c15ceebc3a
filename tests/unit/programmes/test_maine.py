"""Maine: 8 days of 360 minutes; at most 5 hours (300 minutes) missed, days 1 and 2 not missed, the final test done.

Provisional, then full after 72 hours (4,320 minutes) of support within a year of its first day (28 May 2026 to 28 May 2027),
four co-reflections and two trainings, each good for a year.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.standing import Case, check, day, made, practice, shipped
from trainer.gates.rules import Waiver

PROGRAMME = shipped("maine-ips")
FULL = "P P P P P P P P"
FINAL = ("test", "final", "taken", day(8), 1, 1)
FIRST_DAY = date(2026, 5, 28)
SUPPORT = (practice(FIRST_DAY, (4320, "direct")),)
ENTRY = ("introduction", "web-training", "workbook")


def tiers(provisional: str, full: str) -> dict[str, str]:
    return {"provisional": provisional, "accreditation": full}


PEOPLE = [
    Case("everything", FULL, tiers("met", "met"), papers=("*",), entries=(FINAL,), placements=SUPPORT),
    Case("provisional", FULL, tiers("met", "not_yet"), {"accreditation": {"placement_hours", "documents"}}, papers=ENTRY,
         entries=(FINAL,)),
    Case("300 minutes missed: 60 of the last day were attended", "P P P P P P P 60", tiers("met", "not_yet"), papers=ENTRY,
         entries=(FINAL,)),
    Case("301 minutes missed", "P P P P P P P 59", tiers("unreachable", "unreachable"), {"provisional": {"max_absences"}},
         papers=ENTRY, entries=(FINAL,)),
    Case("a whole day missed, 360 minutes", "P P P P A P P P", tiers("unreachable", "unreachable"), papers=ENTRY,
         entries=(FINAL,)),
    Case("a whole day missed, and one hour of it made up in the next round: 300", "P P P P A P P P", tiers("met", "not_yet"),
         papers=ENTRY, entries=(FINAL,), make_ups=(made(5, 60),)),
    Case("and 59 minutes of it made up: 301", "P P P P A P P P", tiers("unreachable", "unreachable"), papers=ENTRY,
         entries=(FINAL,), make_ups=(made(5, 59),)),
    Case("the day is agreed for the next round", "P P P P A P P P", tiers("not_yet", "not_yet"),
         {"provisional": {"max_absences"}}, papers=ENTRY, entries=(FINAL,),
         make_ups=(made(5, 360, "agreed", date(2027, 9, 1)),)),
    Case("the second day missed: two rules say so", "P A P P P P P P", tiers("unreachable", "unreachable"),
         {"provisional": {"max_absences", "unmissable"}}, papers=ENTRY, entries=(FINAL,)),
    Case("the second day missed and made up in the next round", "P A P P P P P P", tiers("met", "not_yet"), papers=ENTRY,
         entries=(FINAL,), make_ups=(made(2, 360),)),
    Case("an hour late on the first day: there", "300 P P P P P P P", tiers("met", "not_yet"), papers=ENTRY, entries=(FINAL,)),
    Case("excused on the first day is not being there", "E P P P P P P P", tiers("unreachable", "unreachable"),
         {"provisional": {"max_absences", "unmissable"}}, papers=ENTRY, entries=(FINAL,)),
    Case("the first day is not marked: 360 could be missed, and it is one of the two", "? P P P P P P P",
         tiers("not_yet", "not_yet"), {"provisional": {"max_absences", "unmissable"}}, papers=ENTRY, entries=(FINAL,)),
    Case("joined on the second day: the first is missed", "? P P P P P P P", tiers("unreachable", "unreachable"),
         papers=ENTRY, entries=(FINAL,), joined=day(2)),
    Case("joined on the second day, waived by name with both keys", "? P P P P P P P", tiers("waived", "not_yet"), papers=ENTRY,
         entries=(FINAL,), joined=day(2),
         waivers=(Waiver("provisional", "unmissable", "was at the last round", "Marta", day(8)),
                  Waiver("provisional", "max_absences", "was at the last round", "Marta", day(8)))),
    Case("the test is not done", FULL, tiers("not_yet", "not_yet"), {"provisional": {"test"}}, papers=ENTRY),
    Case("the workbook came back", FULL, tiers("not_yet", "not_yet"), {"provisional": {"documents"}},
         papers=("introduction", "web-training"),
         entries=(FINAL, ("document", "workbook", "handed_in", day(9)), ("document", "workbook", "returned", day(10)))),
    Case("71 h 59 min, the year is over", FULL, tiers("met", "unreachable"), papers=("*",), entries=(FINAL,),
         placements=(practice(FIRST_DAY, (4319, "direct")),)),
    Case("one co-reflection was good until yesterday", FULL, tiers("met", "not_yet"), {"accreditation": {"documents"}},
         papers=("*", "-co-reflection-1"), placements=SUPPORT,
         entries=(FINAL, ("document", "co-reflection-1", "accepted", date(2026, 5, 31), date(2027, 5, 31)))),
    Case("it is good until today", FULL, tiers("met", "met"), papers=("*", "-co-reflection-1"), placements=SUPPORT,
         entries=(FINAL, ("document", "co-reflection-1", "accepted", date(2026, 6, 1), date(2027, 6, 1)))),
]  # fmt: skip


@pytest.mark.parametrize("case", PEOPLE, ids=str)
def test_people(case: Case) -> None:
    check(PROGRAMME, case)
