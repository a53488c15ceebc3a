"""Who gets an attestation of attendance, and what it says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.documents.wording import attended_words
from trainer.accreditation.rules.attestation import (
    CHANGED,
    Attended,
    attended_minutes,
    attestation,
    needless,
)
from trainer.accreditation.rules.eligibility import Standing, decide
from trainer.curriculum.rules import CertificateWording, CreditSpec

WORDING = CertificateWording(
    "attendance",
    {"en": "Attestation"},
    ({"en": "{name}"},),
    (),
    CreditSpec("ES", 40, None, {}, {}, {}),
    attests="attendance",
    unless="accreditation",
)
OVER = Attended(attended_minutes=1890, credited_minutes=1890, sessions=8, course_over=True)


@given(st.integers(0, 3000), st.booleans(), st.booleans())
def test_it_needs_some_attendance_and_an_end(minutes: int, left: bool, over: bool) -> None:
    facts = Attended(minutes, minutes, 1 if minutes else 0, left, over)
    gate = attestation(WORDING, facts)
    found = decide((gate,))
    assert found.can_propose == (minutes > 0 and (left or over))
    assert found.standing is (Standing.ELIGIBLE if found.can_propose else Standing.NOT_YET)
    assert found.reasons
    assert gate.requirements[0].have == str(minutes)


def test_the_certificate_makes_it_needless() -> None:
    found = decide((attestation(WORDING, OVER),), needless=needless({"en": "Certificate"}, there=True))
    assert found.standing is Standing.NEEDLESS
    assert not found.can_propose
    # What was proposed before waits, and cannot be approved beside the certificate.
    found = decide(
        (attestation(WORDING, OVER),),
        proposal="proposed",
        needless=needless({"en": "Certificate"}, there=False),
    )
    assert found.standing is Standing.PROPOSED
    assert not found.can_approve


def test_figures_that_were_corrected_stop_the_proposal() -> None:
    gate = attestation(WORDING, OVER)
    assert decide((gate,), proposal="approved").can_issue
    found = decide((gate,), proposal="approved", outdated=CHANGED)
    assert not found.can_issue
    assert found.reasons == (CHANGED,)


def test_what_was_issued_stays_issued() -> None:
    gone = attestation(WORDING, replace(OVER, attended_minutes=0))
    assert decide((gone,), certificate="valid").standing is Standing.ISSUED
    assert decide((gone,), certificate="revoked").standing is Standing.REVOKED


def test_the_pack_holds_the_minutes() -> None:
    assert attended_minutes({"attendance": OVER.document()}) == 1890
    assert attended_minutes({"gates": []}) is None


@pytest.mark.parametrize(
    ("minutes", "ca", "en"),
    [
        (1890, "31 hores i 30 minuts", "31 hours and 30 minutes"),
        (60, "1 hora", "1 hour"),
        (61, "1 hora i 1 minut", "1 hour and 1 minute"),
        (59, "59 minuts", "59 minutes"),
        (0, "0 minuts", "0 minutes"),
    ],
)
def test_hours_and_minutes_are_written_out(minutes: int, ca: str, en: str) -> None:
    assert attended_words(minutes, "ca") == ca
    assert attended_words(minutes, "en") == en


@given(st.integers(1, 100_000))
def test_the_words_hold_every_minute_and_no_more(minutes: int) -> None:
    words = attended_words(minutes, "es").replace(".", "")
    found = {unit[0]: int(count) for count, unit in re.findall(r"(\d+)\s(horas?|minutos?)", words)}
    assert found.get("h", 0) * 60 + found.get("m", 0) == minutes
    assert found.get("m", 0) < 60
