"""How long a certificate is good, when its holder is reminded, and when it can be renewed.

Dates are calendar days; a certificate is good for the whole of the day on which it expires.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from trainer.accreditation.rules.statuses import Answer
from trainer.core.months import months_later as months_later
from trainer.core.text import Text, msg

LONGEST_NOTICE = 730  # days: no programme reminds earlier (schema.json)


class Renewal(StrEnum):
    """Whether a certificate can be renewed on a day."""

    NEVER = "never"  # it does not expire, or does not stand
    LATER = "later"
    OPEN = "open"


def expires_on(issued_on: date, valid_for: Mapping[str, int] | None) -> date | None:
    """The last day of a certificate issued on a day; None when it does not expire.

    valid_for: {"years": N} or {"months": N}, whole. The same day of the month, that many months later; the
    month's last day where it has no such day: 31 August and six months make 28 or 29 February.
    """
    if not valid_for:
        return None
    return months_later(issued_on, 12 * valid_for.get("years", 0) + valid_for.get("months", 0))


def counted_from(issued_on: date, old_end: date | None) -> date:
    """The day from which a renewal's validity counts: that of issue, or the old end if it is yet to come,
    so that who renews early loses nothing."""
    return issued_on if old_end is None else max(issued_on, old_end)


def reminder_due(
    end: date | None, remind_days: Sequence[int], reminded: Collection[int], today: date
) -> int | None:
    """The reminder (days before the end, one of `remind_days`) to send today; None when none is.

    Only the nearest of those whose day has come: who was not reached by the first is not told twice. None
    after the end, and none when that one, or a later one, was sent (`reminded`).
    """
    if end is None or today > end:
        return None
    come = [days for days in remind_days if today >= end - timedelta(days=days)]
    if not come or any(sent <= min(come) for sent in reminded):
        return None
    return min(come)


def renewal(answer: Answer, end: date | None, remind_days: Sequence[int], today: date) -> Renewal:
    """Whether a certificate can be renewed today: from the day of its first reminder on (its last day when
    there is none), and after its end. Never one that was revoked or replaced."""
    if end is None or answer not in {Answer.VALID, Answer.EXPIRED}:
        return Renewal.NEVER
    return Renewal.OPEN if today >= renewable_from(end, remind_days) else Renewal.LATER


def renewable_from(end: date, remind_days: Sequence[int]) -> date:
    """The first day on which a certificate with this end can be renewed."""
    return end - timedelta(days=max(remind_days, default=0))


def why_not_renewed(
    answer: Answer, end: date | None, remind_days: Sequence[int], today: date
) -> tuple[Text, ...]:
    """In words why a certificate cannot be renewed today; empty when it can."""
    found = renewal(answer, end, remind_days, today)
    if found is Renewal.OPEN:
        return ()
    if end is None:
        return (msg("This certificate does not expire: there is nothing to renew."),)
    if found is Renewal.LATER:
        return (
            msg(
                "It is good until %(end)s and can be renewed from %(day)s.",
                end=end,
                day=renewable_from(end, remind_days),
            ),
        )
    if answer is Answer.REVOKED:
        return (msg("This certificate was revoked: reinstate it before you renew it."),)
    return (msg("This certificate was replaced already: renew the newer one."),)
