"""Texas: core 3 x 390 = 1,170 minutes, supplemental 5 x 480 = 2,400, all of each; a test after each, 70 of 100 points.

Core, its test, supplemental, its test, in that order. Then 250 hours (15,000 minutes) of direct support and team work within
twelve months of the placement's first day (28 May 2026 here, so until 28 May 2027).
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.standing import Case, check, day, made, practice, shipped
from trainer.gates.rules import Waiver

PROGRAMME = shipped("texas-peer-specialist")
FULL = "P P P P P P P P"
# Sessions 1 to 3 are the core, 4 to 8 the supplemental part. The first test is on the last day of the core.
CORE = ("test", "core", "taken", day(3), 70, 100)
SUPPLEMENTAL = ("test", "supplemental", "taken", day(8), 70, 100)
APPROVED = ("decision", "application", "yes", day(10))
PASSED = (CORE, SUPPLEMENTAL, APPROVED)
FIRST_DAY, LAST_DAY = date(2026, 5, 28), date(2027, 5, 28)
WORK = (practice(FIRST_DAY, (14000, "direct"), (1000, "team", LAST_DAY)),)


def tiers(initial: str, full: str) -> dict[str, str]:
    return {"initial": initial, "accreditation": full}


PEOPLE = [
    Case("everything, to the point and to the day", FULL, tiers("met", "met"), papers=("*",), entries=PASSED, placements=WORK),
    Case("the initial certificate only", FULL, tiers("met", "not_yet"), {"accreditation": {"placement_hours", "documents"}},
         papers=("orientation", "ethics"), entries=PASSED),
    Case("one minute of the core missed", "389 P P P P P P P", tiers("unreachable", "unreachable"),
         {"initial": {"core-attendance"}}, papers=("*",), entries=PASSED),
    Case("one minute of the supplemental part missed", "P P P P P P P 479", tiers("unreachable", "unreachable"),
         {"initial": {"supplemental-attendance"}}, papers=("*",), entries=PASSED),
    Case("the last session is not marked: the order cannot be said either", "P P P P P P P ?", tiers("not_yet", "not_yet"),
         {"initial": {"supplemental-attendance", "order"}}, papers=("*",), entries=PASSED),
    Case("excused is absent: all of it is asked for", "P P P P E P P P", tiers("unreachable", "unreachable"),
         papers=("*",), entries=PASSED),
    Case("the programme has no make-ups; one that was recorded all the same counts", "P P P P A P P P", tiers("met", "not_yet"),
         papers=("orientation", "ethics"), entries=PASSED, make_ups=(made(5, 480),)),
    Case("69 of 100 points, the second part to come", "P P P - - - - -", tiers("not_yet", "not_yet"),
         {"initial": {"core-test", "order", "supplemental-attendance", "supplemental-test"}}, papers=("*",),
         entries=(("test", "core", "taken", day(3), 69, 100), APPROVED)),
    Case("69 of 100 points, and went on to the second part all the same", FULL, tiers("unreachable", "unreachable"),
         {"initial": {"core-test", "order"}}, papers=("*",),
         entries=(("test", "core", "taken", day(3), 69, 100), SUPPLEMENTAL, APPROVED)),
    Case("35 of 50 is 70 % as well", FULL, tiers("met", "not_yet"), papers=("orientation", "ethics"),
         entries=(("test", "core", "taken", day(3), 35, 50), SUPPLEMENTAL, APPROVED)),
    Case("40 points, then 70 before the second part: the best counts", FULL, tiers("met", "not_yet"),
         papers=("orientation", "ethics"), entries=(("test", "core", "taken", day(3), 40, 100), CORE, SUPPLEMENTAL, APPROVED)),
    Case("the core's test was passed in the middle of the second part: out of order", FULL, tiers("unreachable", "unreachable"),
         {"initial": {"order"}}, papers=("*",),
         entries=(("test", "core", "taken", day(6), 90, 100), SUPPLEMENTAL, APPROVED)),
    Case("out of order, waived with a reason", FULL, tiers("waived", "met"), papers=("*",), placements=WORK,
         entries=(("test", "core", "taken", day(6), 90, 100), SUPPLEMENTAL, APPROVED),
         waivers=(Waiver("initial", "order", "the room was not free", "Marta", day(10)),)),
    Case("the second test is not taken yet", FULL, tiers("not_yet", "not_yet"), {"initial": {"supplemental-test", "order"}},
         papers=("*",), entries=(CORE, APPROVED)),
    Case("the ethics statement is missing", FULL, tiers("not_yet", "not_yet"), {"initial": {"documents"}},
         papers=("orientation", "recommendation"), entries=PASSED),
    Case("the application is not approved", FULL, tiers("not_yet", "not_yet"), {"initial": {"decision"}}, papers=("*",),
         entries=(CORE, SUPPLEMENTAL)),
    Case("249 h 59 min, and the year is over", FULL, tiers("met", "unreachable"), {"accreditation": {"placement_hours"}},
         papers=("*",), entries=PASSED, placements=(practice(FIRST_DAY, (14999, "direct")),)),
    Case("the same on the last day of the year: still possible", FULL, tiers("met", "not_yet"), papers=("*",), entries=PASSED,
         placements=(practice(FIRST_DAY, (14999, "direct")),), today=LAST_DAY),
    Case("the last hour came a day too late", FULL, tiers("met", "unreachable"), papers=("*",), entries=PASSED,
         placements=(practice(FIRST_DAY, (14940, "direct"), (60, "direct", date(2027, 5, 29))),)),
    Case("supervision does not count", FULL, tiers("met", "unreachable"), papers=("*",), entries=PASSED,
         placements=(practice(FIRST_DAY, (14000, "direct"), (2000, "supervision")),)),
    Case("study does not count", FULL, tiers("met", "not_yet"), papers=("*",), entries=PASSED, today=date(2026, 12, 1),
         placements=(practice(FIRST_DAY, (14000, "direct"), (2000, "training")),)),
]  # fmt: skip


@pytest.mark.parametrize("case", PEOPLE, ids=str)
def test_people(case: Case) -> None:
    check(PROGRAMME, case)
