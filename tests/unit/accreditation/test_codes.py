"""Verification codes and serials."""

from __future__ import annotations

import random
import secrets
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.rules.codes import ALPHABET, LENGTH, codes_in, dashed, new_code, normalise
from trainer.accreditation.rules.serials import looks_like_serial, serial, serials_in, tidy

CODES = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_a_new_code_has_130_bits_of_the_systems_randomness(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(secrets, "randbits", lambda bits: asked.append(bits) or (1 << bits) - 1)
    assert new_code() == "Z" * LENGTH
    assert asked == [130]


def test_new_codes_are_codes_and_differ() -> None:
    found = {new_code() for _ in range(200)}
    assert len(found) == 200
    assert all(normalise(code) == code for code in found)


@given(CODES)
def test_dashes_come_and_go(code: str) -> None:
    shown = dashed(code)
    assert shown.replace("-", "") == code
    assert [len(group) for group in shown.split("-")] == [4, 4, 4, 4, 4, 4, 2]
    assert normalise(shown) == code


@given(CODES, st.randoms(use_true_random=False))
def test_typed_as_people_type(code: str, chance: random.Random) -> None:
    swaps = {"1": "1IiLl", "0": "0Oo"}
    typed = ""
    for character in code:
        typed += chance.choice(swaps.get(character, character.upper() + character.lower()))
        typed += chance.choice(["", "", "-", " ", "–", "\u00ad"])
    assert normalise(typed) == code


@given(st.text(max_size=60))
def test_what_is_no_code_is_none(typed: str) -> None:
    found = normalise(typed)
    assert found is None or (len(found) == LENGTH and set(found) <= set(ALPHABET))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "0" * 25,
        "0" * 27,
        "U" + "0" * 25,
        "0" * 25 + "é",
        "0" * 25 + "ı",
        "0" * 25 + "０",
        "0" * 100000,
    ],
)
def test_malformed(typed: str) -> None:
    assert normalise(typed) is None


@given(CODES, st.binary(max_size=20))
def test_a_code_is_found_in_a_file(code: str, around: bytes) -> None:
    found = codes_in(around + b" (" + dashed(code).encode() + b") " + around)
    assert code in found


def test_runs_of_letters_are_no_codes() -> None:
    assert codes_in(b"ABCDEFGHJKMNPQRSTVWXYZ0123 abcd-efgh-jkmn") == []


def test_serials() -> None:
    assert serial("UNI", 2026, 1) == "UNI-2026-000001"
    assert serial("UVIC-UCC", 2026, 999_999) == "UVIC-UCC-2026-999999"
    assert serial("UNI", 2026, 1_000_000) == "UNI-2026-1000000"
    assert looks_like_serial(serial("UVIC-UCC", 2026, 12))
    assert tidy(" uni-2026-000001 ") == "UNI-2026-000001"
    assert serials_in(b"/Keywords (UNI-2026-000012 and more)") == ["UNI-2026-000012"]
    with pytest.raises(ValueError):
        serial("UNI", 2026, 0)


def test_a_serial_in_bytes_begins_where_the_code_of_the_university_does() -> None:
    found = serials_in(
        b"x UNI-2026-000001, A.B-2026-000002 --C-2026-000003 UNI-2026-0000000001 9-2026-000004x"
    )
    assert found == ["UNI-2026-000001", "A.B-2026-000002", "9-2026-000004"]
    assert serials_in(b"UNI-2026-000001 " * 3) == ["UNI-2026-000001"]
    assert serials_in(b"U" * 60 + b"-2026-000001") == ["U" * 60 + "-2026-000001"]
    assert serials_in(b"U" * 61 + b"-2026-000001") == []


@pytest.mark.parametrize("odd", [b".a-", b"a.", b".-2026-000001", b"a.a.a-2026-000001 "])
def test_bytes_full_of_what_may_begin_a_serial_are_gone_through_quickly(odd: bytes) -> None:
    begun = time.monotonic()
    assert len(serials_in(odd * (2**23 // len(odd)))) <= 1
    assert time.monotonic() - begun < 2


@given(st.integers(1, 10**8), st.integers(1, 10**8))
def test_serials_are_unique_per_number(one: int, other: int) -> None:
    assert (serial("UNI", 2026, one) == serial("UNI", 2026, other)) == (one == other)
