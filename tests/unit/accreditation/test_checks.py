"""What follows from the checks of a file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product

import pytest

from trainer.accreditation.documents.looking import Difference
from trainer.accreditation.rules.checks import (
    OTHER_BYTES,
    SAME_BYTES,
    Check,
    Inside,
    Result,
    Signed,
    Topic,
    by_code,
    credential_check,
    decide,
    other_bytes,
    register_check,
    signature_checks,
)
from trainer.accreditation.rules.statuses import Answer, Verification
from trainer.core.text import msg

GOOD = Signed("Remei Casadevall", "Rectora", datetime(2026, 3, 3, 9, tzinfo=UTC), False, True, True, True)


@pytest.mark.parametrize("standing", list(Answer))
@pytest.mark.parametrize(("topic", "result"), list(product(Topic, Result)))
def test_only_what_is_wrong_with_the_file_makes_it_altered(
    standing: Answer, topic: Topic, result: Result
) -> None:
    answer = decide(standing, [SAME_BYTES, Check(topic, result, msg("x"))])
    broken = result is Result.NO and topic in {Topic.DOCUMENT, Topic.SIGNATURE, Topic.CREDENTIAL}
    assert answer is (Answer.ALTERED if broken else standing)


def test_every_difference_has_its_words() -> None:
    assert set(OTHER_BYTES) == set(Difference)
    assert all(other_bytes(one, ()).result is Result.NO for one in Difference)
    assert "page 2 is not" in str(other_bytes("pages", (2,)).words)
    assert "pages 1, 2 are not" in str(other_bytes("pages", (1, 2)).words)


def results(*signed: Signed, expected: int = 1) -> list[str]:
    return [f"{one.check} {one.result}" for one in signature_checks(signed, expected, "UdP")]


def test_signatures() -> None:
    def but(**changed: object) -> Signed:
        return Signed(**{**vars(GOOD), **changed})

    assert results(GOOD) == ["signature yes"]
    for wrong in ("intact", "trusted", "whole"):
        assert results(but(**{wrong: False})) == ["signature no"]
    assert results(expected=0) == ["signature not_checked"]
    assert results(expected=2) == ["signature no"]
    assert results(GOOD, expected=2) == ["signature yes", "signature no"]
    assert results(but(test=True)) == ["signature yes", "keys not_checked"]
    # A key that says "test" but is not the university's is worth a plain no.
    assert results(but(test=True, trusted=False)) == ["signature no"]
    assert [one.result for one in signature_checks(None, 1, "UdP")] == [Result.NOT_CHECKED]
    words = [str(one.words) for one in signature_checks([GOOD, but(at=None, position="")], 2, "UdP")]
    assert words[0].startswith("Signed by Remei Casadevall, Rectora, on 2026-03-03")
    assert words[1] == "Signed by Remei Casadevall: intact."
    assert "by a time stamp" in str(signature_checks([but(stamped=True)], 1, "UdP")[0].words)


def test_the_credential() -> None:
    told = {inside: credential_check(inside, "UdP").result for inside in Inside}
    assert [inside for inside, result in told.items() if result is Result.YES] == [Inside.SAME]
    assert {inside for inside, result in told.items() if result is Result.NO} == {
        Inside.OTHER,
        Inside.BROKEN,
        Inside.MISSING,
    }


def test_the_register() -> None:
    day = date(2026, 5, 4)
    assert register_check(Verification(Answer.VALID)).result is Result.YES
    for answer in (Answer.EXPIRED, Answer.SUPERSEDED, Answer.REVOKED):
        found = Verification(answer, expires_on=day, revoked_on=day, reason="misconduct")
        assert register_check(found).result is Result.NO
    assert "Misconduct" in str(
        register_check(Verification(Answer.REVOKED, revoked_on=day, reason="misconduct")).words
    )
    assert [one.result for one in by_code(Verification(Answer.VALID))] == [Result.YES, Result.NOT_CHECKED]
