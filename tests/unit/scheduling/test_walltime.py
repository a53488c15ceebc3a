from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.scheduling.rules import WallTime, ends_at, is_zone, next_stamp, occurrence, resolve

MADRID = "Europe/Madrid"


def test_a_time_in_the_gap_moves_on_and_a_repeated_one_is_the_first():
    gap, twice = datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)
    assert resolve(gap, MADRID).isoformat() == "2026-03-29T03:30:00+02:00"
    assert resolve(twice, MADRID).isoformat() == "2026-10-25T02:30:00+02:00"
    assert occurrence(gap, MADRID) is WallTime.NEVER
    assert occurrence(twice, MADRID) is WallTime.TWICE
    assert occurrence(datetime(2026, 7, 1, 10), MADRID) is WallTime.ONCE


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),
    st.sampled_from([MADRID, "America/New_York", "UTC"]),
)
def test_resolving_keeps_every_wall_time_that_exists(local, zone):
    back = resolve(local, zone).replace(tzinfo=None, fold=0)
    if occurrence(local, zone) is WallTime.NEVER:
        assert timedelta() < back - local <= timedelta(hours=1)
    else:
        assert back == local


def test_a_session_over_the_change_of_clocks_lasts_its_minutes():
    start = resolve(datetime(2026, 3, 29, 1, 0), MADRID)
    assert ends_at(start, 120).isoformat() == "2026-03-29T04:00:00+02:00"


def test_zones_are_known_by_name():
    assert is_zone(MADRID)
    assert not is_zone("Europe/Manresa")
    assert not is_zone("")
    assert not is_zone("../etc/passwd")
    with pytest.raises(ValueError, match="zone"):
        resolve(datetime(2026, 1, 1, tzinfo=UTC), MADRID)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.timedeltas(-timedelta(days=1), timedelta(days=1)),
)
def test_every_change_is_later_than_the_one_before_to_the_second(previous, step):
    stamp = next_stamp(previous, previous + step)
    assert stamp.microsecond == 0
    assert stamp > previous.replace(microsecond=0)
    assert stamp >= (previous + step).replace(microsecond=0)
