"""How long a certificate is good, when it reminds, and when it can be renewed."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.rules.statuses import Answer, CertificateStatus, answer_of
from trainer.accreditation.rules.validity import (
    Renewal,
    counted_from,
    expires_on,
    months_later,
    reminder_due,
    renewable_from,
    renewal,
    why_not_renewed,
)

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
MONTHS = st.integers(1, 600)
REMINDERS = st.lists(st.integers(1, 730), unique=True, min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("issued", "valid_for", "end"),
    [
        (date(2026, 8, 31), {"months": 6}, date(2027, 2, 28)),
        (date(2027, 8, 31), {"months": 6}, date(2028, 2, 29)),
        (date(2028, 2, 29), {"years": 1}, date(2029, 2, 28)),
        (date(2028, 2, 29), {"years": 4}, date(2032, 2, 29)),
        (date(2026, 12, 15), {"months": 1}, date(2027, 1, 15)),
        (date(2026, 11, 21), {"years": 2}, date(2028, 11, 21)),
        (date(2026, 11, 21), None, None),
        (date(2026, 11, 21), {}, None),
    ],
)
def test_the_end_is_the_same_day_of_a_later_month(
    issued: date, valid_for: dict[str, int] | None, end: date | None
) -> None:
    assert expires_on(issued, valid_for) == end


@given(DAYS, MONTHS)
def test_months_are_counted_on_the_calendar(day: date, months: int) -> None:
    end = months_later(day, months)
    assert (end.year - day.year) * 12 + end.month - day.month == months
    last = calendar.monthrange(end.year, end.month)[1]
    assert end.day == day.day or (end.day == last and day.day > last)


@given(DAYS, DAYS, MONTHS)
def test_a_later_issue_never_ends_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted((one, other))
    assert months_later(first, months) <= months_later(second, months)


@given(DAYS, st.integers(1, 50))
def test_years_are_twelve_months(day: date, years: int) -> None:
    assert expires_on(day, {"years": years}) == expires_on(day, {"months": 12 * years})


@given(DAYS, st.one_of(st.none(), DAYS), MONTHS)
def test_who_renews_early_loses_nothing_and_who_renews_late_gains_nothing(
    today: date, old: date | None, months: int
) -> None:
    start = counted_from(today, old)
    assert start >= today
    assert old is None or start >= old
    assert start in (today, old)
    end = expires_on(start, {"months": months})
    assert end is not None
    assert old is None or end > old


@given(DAYS, REMINDERS, st.integers(-800, 60))
def test_a_reminder_goes_out_once_and_never_after_the_end(end: date, days: list[int], offset: int) -> None:
    today = end + timedelta(days=offset)
    due = reminder_due(end, days, (), today)
    assert (due is None) == (today > end or today < end - timedelta(days=max(days)))
    if due is not None:
        assert due in days
        assert today >= end - timedelta(days=due)
        assert not any(other < due and today >= end - timedelta(days=other) for other in days)
        assert reminder_due(end, days, (due,), today) is None


@given(DAYS, REMINDERS)
def test_day_by_day_each_reminder_goes_out_exactly_once_the_longest_first(end: date, days: list[int]) -> None:
    sent: list[int] = []
    for before in range(max(days) + 1, -2, -1):
        due = reminder_due(end, days, sent, end - timedelta(days=before))
        if due is not None:
            assert due == before
            sent.append(due)
    assert sent == sorted(days, reverse=True)


def test_what_does_not_end_reminds_nobody() -> None:
    assert reminder_due(None, (90, 30), (), date(2026, 1, 1)) is None


@given(DAYS, st.one_of(st.just([]), REMINDERS), st.integers(-800, 800), st.sampled_from(list(Answer)))
def test_renewal_is_open_from_the_first_reminder_on(
    end: date, days: list[int], offset: int, answer: Answer
) -> None:
    today = end + timedelta(days=offset)
    found = renewal(answer, end, days, today)
    if answer not in (Answer.VALID, Answer.EXPIRED):
        assert found is Renewal.NEVER
    else:
        assert (found is Renewal.OPEN) == (today >= renewable_from(end, days))
    assert bool(why_not_renewed(answer, end, days, today)) == (found is not Renewal.OPEN)


def test_why_not_is_said_in_words() -> None:
    end, today = date(2027, 6, 30), date(2026, 11, 21)
    assert "does not expire" in str(why_not_renewed(Answer.VALID, None, (90,), today)[0])
    [later] = why_not_renewed(Answer.VALID, end, (90, 30), today)
    assert later.values["day"] == date(2027, 4, 1)
    assert "reinstate" in str(why_not_renewed(Answer.REVOKED, end, (90,), end)[0])
    assert "newer" in str(why_not_renewed(Answer.SUPERSEDED, end, (90,), end)[0])


@given(DAYS, st.integers(-400, 400), st.integers(-400, 400))
def test_a_reinstatement_holds_from_its_day_on(day: date, offset: int, left: int) -> None:
    today, end = day + timedelta(days=offset), day + timedelta(days=left)
    found = answer_of(CertificateStatus.REVOKED, end, today, day)
    if today < day:
        assert found is Answer.REVOKED
    else:
        assert found is answer_of(CertificateStatus.VALID, end, today)
    assert answer_of(CertificateStatus.SUPERSEDED, end, today, day) is Answer.SUPERSEDED
