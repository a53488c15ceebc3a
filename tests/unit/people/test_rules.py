"""Names, addresses, ids, roles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.people import rules

LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


@given(st.integers(0, 99_999_999))
def test_exactly_one_letter_fits_a_dni(number: int) -> None:
    fitting = [
        x for x in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if rules.national_id_problem(f"{number:08d}{x}") is None
    ]
    assert fitting == [LETTERS[number % 23]]


@pytest.mark.parametrize(
    "good", ["12345678Z", "12.345.678-z", "X1234567L", "x-1234567-l", "ABC123456", "1234567L", "C01X00T47"]
)
def test_valid_ids(good: str) -> None:
    assert rules.national_id_problem(rules.tidy_national_id(good)) is None


@pytest.mark.parametrize("bad", ["12345678A", "X1234567A", "12345678", "ABCDEFGH", "1", "12345678ZZ$", ""])
def test_invalid_ids(bad: str) -> None:
    assert rules.national_id_problem(rules.tidy_national_id(bad)) is not None


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("12345678X", "***4567**"),
        ("L1234567X", "****4567*"),
        ("ABC123456", "*****3456"),
        ("XY12345678AB", "*****4567***"),
        ("ABCD123XY", "*****23XY"),
    ],
)
def test_the_authoritys_examples_of_masking(number: str, shown: str) -> None:
    assert rules.mask_national_id(number) == shown


@given(st.text("ABCXYZ0123456789", min_size=5, max_size=20))
def test_a_mask_shows_four_characters(number: str) -> None:
    masked = rules.mask_national_id(number)
    assert len(masked) == len(number)
    assert sum(c != "*" for c in masked) == 4


@pytest.mark.parametrize(
    "name",
    [
        "Núria",
        "Col·lell i Puigdefàbregas",
        "O’Brien-Müller",
        "محمد",
        "नेहा",
        "李小龙",
        "ကျော်",
        "نیم‌فاصله",
        "X Æ A-12",
    ],
)
def test_any_printable_name(name: str) -> None:
    assert rules.name_problem(rules.tidy_name(name)) is None


@pytest.mark.parametrize("name", ["a\x00b", "a\u202eb", "a\x1b[0m", "x" * 201])
def test_names_that_cannot_be_printed(name: str) -> None:
    assert rules.name_problem(name) is not None


def test_names_are_tidied() -> None:
    assert rules.tidy_name("  Nu\u0301ria \n  Puig ") == "Núria Puig"
    assert rules.split_name("Núria Puig i Soler") == ("Núria", "Puig i Soler")
    assert rules.split_name("Núria") == ("Núria", "")


@pytest.mark.parametrize("good", ["a@b.cat", "a.b+c@x-y.example", "josé@exàmple.cat", "a@b.c.d.org"])
def test_addresses(good: str) -> None:
    assert rules.valid_email(good)


@pytest.mark.parametrize(
    "bad", ["", "a", "a@b", "a b@c.org", "a@@b.org", "a@b..org", "a@-b.org", "<a@b.org>", "a@b.org\n"]
)
def test_no_addresses(bad: str) -> None:
    assert not rules.valid_email(bad)


@pytest.mark.parametrize(
    ("target", "goes"),
    [
        ("/courses?x=1", "/courses?x=1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
        (None, "/"),
        ("/a\nb", "/"),
        ("/x\\y", "/"),
    ],
)
def test_only_addresses_of_this_site(target: str | None, goes: str) -> None:
    assert rules.local_target(target) == goes


def test_where_each_kind_begins() -> None:
    assert rules.home_for(frozenset()) == "/me"
    assert rules.home_for(frozenset({("registrar", 1)})) == "/registry"
    assert rules.home_for(frozenset({("supervisor", 1)})) == "/placements"
    assert rules.home_for(frozenset({("supervisor", 1), ("trainer", 2)})) == "/courses"
    assert rules.home_for(frozenset({("admin", None)})) == "/courses"


def test_roles_and_their_places() -> None:
    assert rules.place_problem("organiser", "provider") is None
    assert rules.place_problem("registrar", "university") is None
    assert rules.place_problem("supervisor", "host") is None
    assert rules.place_problem("admin", None) is None
    assert rules.place_problem("registrar", "provider") is not None
    assert rules.place_problem("organiser", None) is not None
    assert rules.place_problem("admin", "provider") is not None


@pytest.mark.parametrize(
    ("said", "code"), [("CA", "ca"), ("Català", "ca"), ("castellà", "es"), ("Inglés", "en"), ("fr", None)]
)
def test_languages(said: str, code: str | None) -> None:
    assert rules.language_code(said) == code


def test_passwords_are_long() -> None:
    assert rules.password_problem("short") is not None
    assert rules.password_problem("aaaaaaaaaaaa") is not None
    assert rules.password_problem("x" * 129) is not None
    assert rules.password_problem("quatre gats i un gos") is None


def test_every_role_and_kind_has_words() -> None:
    assert all(str(rules.role_text(role)) for role in rules.Role)
    assert all(str(rules.kind_text(kind)) for kind in rules.OrganisationKind)
