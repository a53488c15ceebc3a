"""Whose turn it is, who may issue, the steps, what has changed, and what the book counts."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.rules.book import counts, signed_by, standing
from trainer.accreditation.rules.changes import changes
from trainer.accreditation.rules.statuses import Answer
from trainer.accreditation.rules.steps import Issue, timeline
from trainer.accreditation.rules.threads import Message, Side, Thread, turn
from trainer.accreditation.rules.two_people import (
    NOBODY,
    NOBODY_APPROVED,
    SAME_PERSON,
    against_issuing,
    may_issue,
)

SIDES = st.lists(st.sampled_from(["university", "provider"]), max_size=8)
PEOPLE = st.one_of(st.none(), st.integers(1, 4))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(SIDES)
def test_the_last_message_says_whose_turn_it_is(sides: list[str]) -> None:
    found = turn(sides)
    if not sides:
        assert found is None
    elif sides[-1] == "university":
        assert found == "asked"
    else:
        assert found == ("answered" if "university" in sides else "written")
    assert Side.UNIVERSITY.other is Side.PROVIDER
    assert Side.PROVIDER.other is Side.UNIVERSITY


@given(PEOPLE, PEOPLE)
def test_with_the_rule_two_different_known_people_are_needed(actor: int | None, approver: int | None) -> None:
    assert may_issue(actor, approver, two_people=False)
    allowed = actor is not None and approver is not None and actor != approver
    assert may_issue(actor, approver, two_people=True) is allowed


def test_the_rule_says_why_not() -> None:
    assert against_issuing(1, 1, two_people=True) == SAME_PERSON
    assert against_issuing(None, 1, two_people=True) == NOBODY
    assert against_issuing(1, None, two_people=True) == NOBODY_APPROVED
    assert against_issuing(2, 1, two_people=True) is None


@dataclass
class Way:
    """A proposal's dates and people."""

    proposed_at: datetime = NOON
    proposed_by: str | None = "Olga"
    approved_at: datetime | None = NOON + timedelta(hours=3)
    approved_by: str | None = "Rita"
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None


def test_every_step_stands_in_its_order_with_its_person() -> None:
    said = [
        Message(1, "provider", "Hola", "Olga", NOON + timedelta(hours=1)),
        Message(2, "university", "?", "Rita", NOON + timedelta(hours=2)),
        Message(3, "provider", "!", "Olga", NOON + timedelta(hours=2, minutes=1)),
    ]
    issues = [
        Issue("U-1", NOON + timedelta(hours=4), "Roger", again=False),
        Issue("U-2", NOON + timedelta(days=9), None, again=True),
    ]
    steps = timeline(Way(), said, issues)
    assert [one.what for one in steps] == [
        *("proposed", "written", "asked", "answered", "approved", "issued", "reissued")
    ]
    assert [one.by for one in steps] == ["Olga", "Olga", "Rita", "Olga", "Rita", "Roger", None]
    assert [one.serial for one in steps if one.serial] == ["U-1", "U-2"]
    closed = timeline(Way(approved_at=None, withdrawn_at=NOON + timedelta(hours=1), withdrawn_by="Rita"))
    assert [one.what for one in closed] == ["proposed", "withdrawn"]
    assert Thread().last is None
    assert Thread(tuple(said)).last == said[-1]


def pack() -> dict[str, Any]:
    decision = {"kind": "attendance", "key": "attendance", "status": "met", "have": "1920", "need": "1920"}
    return {
        "programme": {"hash": "sha256:1"},
        "gates": [
            {
                "name": "accreditation",
                "title": {"ca": "Acreditació"},
                "decisions": [decision | {"words": {"en": "a"}}],
            }
        ],
        "waivers": [],
    }


def test_what_changed_is_found_by_what_was_decided_and_not_by_its_wording() -> None:
    then, now = pack(), pack()
    assert not changes(then, now)
    now["gates"][0]["decisions"][0]["words"] = {"en": "put better"}
    assert not changes(then, now)
    now["gates"][0]["decisions"][0] |= {"status": "not_yet", "have": "1919"}
    [one] = changes(then, now).decisions
    assert (one.then_status, one.now_status) == ("met", "not_yet")
    assert (one.then, one.now, one.gate) == ({"en": "a"}, {"en": "put better"}, {"ca": "Acreditació"})


def test_what_came_and_went_is_a_change_too() -> None:
    then, now = pack(), pack()
    waiver = {"id": 3, "granted_by": "Olga", "granted_on": "2026-03-01", "reason": "x"}
    now["waivers"] = [waiver]
    more = deepcopy(now["gates"][0]["decisions"][0]) | {"key": "other"}
    now["gates"][0]["decisions"].append(more)
    now["programme"] = {"hash": "sha256:2"}
    found = changes(then, now)
    assert (found.waivers_added, found.waivers_gone, found.programme) == ((waiver,), (), True)
    assert [(one.then_status, one.now_status) for one in found.decisions] == [("", "met")]
    back = changes(now, then)
    assert (back.waivers_added, back.waivers_gone) == ((), (waiver,))
    assert [(one.then_status, one.now_status) for one in back.decisions] == [("met", "")]


@dataclass
class Entry:
    """A certificate as the book sees it."""

    status: str = "valid"
    expires_on: date | None = None
    revoked_on: date | None = None
    reinstated_from: date | None = None
    superseded_at: datetime | None = None
    number: int = 1
    serial: str = "U-1"
    issued_on: date = date(2026, 3, 2)
    signatures: list[dict[str, Any]] = field(default_factory=list)


DAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("entry", "answer", "since"),
    [
        (Entry(), Answer.VALID, None),
        (Entry(expires_on=DAY), Answer.VALID, None),
        (Entry(expires_on=date(2026, 5, 31)), Answer.EXPIRED, date(2026, 5, 31)),
        (Entry("revoked", revoked_on=date(2026, 5, 1)), Answer.REVOKED, date(2026, 5, 1)),
        (Entry("superseded", superseded_at=NOON), Answer.SUPERSEDED, NOON.date()),
        (Entry(reinstated_from=date(2026, 5, 9)), Answer.VALID, date(2026, 5, 9)),
    ],
)
def test_the_book_says_what_a_certificate_answers_and_since_when(
    entry: Entry, answer: Answer, since: date | None
) -> None:
    assert standing(entry, DAY) == (answer, since)
    assert counts([entry, entry], DAY) == {answer: 2}


def test_signatures_stand_in_the_order_of_their_places() -> None:
    both = [{"place": 2, "label": "Secretària"}, {"place": 1, "label": "Rectora"}]
    assert signed_by(Entry(signatures=both)) == "Rectora; Secretària"
    assert signed_by(Entry()) == ""
