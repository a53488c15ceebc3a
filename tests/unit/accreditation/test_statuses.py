"""What a code answers, and what the public is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.rules.statuses import REASONS, Answer, Reason, answer_of, span_words, verification

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
TODAY = date(2026, 11, 21)


@dataclass
class Certificate:
    status: str = "valid"
    code: str = "0123456789ABCDEFGHJKMNPQRS"
    serial: str = "UNI-2026-000001"
    name: str = "Núria Peñafiel"
    language: str = "ca"
    issued_on: date = date(2026, 11, 1)
    expires_on: date | None = None
    revoked_on: date | None = None
    reinstated_from: date | None = None
    reason_code: str | None = None
    withheld: bool = False
    sha256: str = "ab" * 32
    frozen: dict[str, Any] = field(
        default_factory=lambda: {
            "sheet": {
                "title": "Certificat d'acreditació",
                "university": "Universitat",
                "facts": [["Durada", "40 h"]],
            },
            "outcomes": ["Acompanyar"],
            "specimen": False,
        }
    )


@given(DAYS, st.integers(-400, 400))
def test_a_certificate_is_good_for_the_whole_of_its_last_day(expires: date, days: int) -> None:
    found = answer_of("valid", expires, expires + timedelta(days=days))
    assert found is (Answer.EXPIRED if days > 0 else Answer.VALID)


@given(st.one_of(st.none(), DAYS), DAYS)
def test_revoked_and_superseded_answer_so_whatever_the_day(expires: date | None, today: date) -> None:
    assert answer_of("revoked", expires, today) is Answer.REVOKED
    assert answer_of("superseded", expires, today) is Answer.SUPERSEDED


def test_valid_shows_name_and_title() -> None:
    told = verification(Certificate(), TODAY).document()
    assert told["status"] == "valid"
    assert told["name"] == "Núria Peñafiel"
    assert told["title"] == "Certificat d'acreditació"
    assert told["code"] == "0123-4567-89AB-CDEF-GHJK-MNPQ-RS"


def test_what_the_holder_withdrew_does_not_show() -> None:
    told = verification(Certificate(withheld=True), TODAY)
    assert told.answer is Answer.VALID
    assert (told.name, told.title, told.facts, told.outcomes) == (None, None, (), ())
    assert told.document()["withheld"] is True


def test_superseded_never_shows_the_old_name() -> None:
    told = verification(Certificate(status="superseded"), TODAY).document()
    assert told["status"] == "superseded"
    assert "Peñafiel" not in str(told)


def test_revoked_shows_the_coded_reason() -> None:
    row = Certificate(status="revoked", reason_code="data_error", revoked_on=TODAY)
    told = verification(row, TODAY).document()
    assert (told["status"], told["reason"], told["revoked_on"]) == ("revoked", "data_error", "2026-11-21")
    asked = verification(Certificate(status="revoked", reason_code="holder_request"), TODAY)
    assert asked.name is None


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words(reason: Reason) -> None:
    assert str(REASONS[reason])


def test_a_specimen_says_so() -> None:
    row = Certificate()
    row.frozen["specimen"] = True
    assert verification(row, TODAY).document()["specimen"] is True


def test_one_that_is_good_again_tells_when_it_was_not_and_no_longer_why() -> None:
    row = Certificate(status="revoked", reason_code="misconduct", revoked_on=TODAY - timedelta(days=5))
    row.reinstated_from = TODAY + timedelta(days=2)
    pending = verification(row, TODAY)
    assert pending.answer is Answer.REVOKED
    told = pending.document()
    assert (told["reason"], told["valid_again_from"]) == ("misconduct", "2026-11-23")
    assert "was_revoked" not in told
    assert span_words(pending) is not None
    # Once the day has come, whether the register says so already or not.
    for status, reason in (("revoked", "misconduct"), ("valid", None)):
        row.status, row.reason_code = status, reason
        found = verification(row, TODAY + timedelta(days=2))
        told = found.document()
        assert told["status"] == "valid"
        assert told["was_revoked"] == {"from": "2026-11-16", "until": "2026-11-23"}
        assert "misconduct" not in str(told)
        assert not {"reason", "revoked_on", "valid_again_from"} & set(told)
        assert span_words(found) is not None
        assert found.name


def test_a_revocation_taken_back_from_its_own_day_leaves_no_trace() -> None:
    row = Certificate(revoked_on=TODAY, reinstated_from=TODAY)
    told = verification(row, TODAY)
    assert told.was_revoked is None
    assert span_words(told) is None
