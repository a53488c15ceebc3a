"""Reading YAML: positions, traps, bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.core.marked_yaml import MAX_BYTES, read_marked


def troubles(text: str) -> list[tuple[tuple[str | int, ...], int, str]]:
    return [(one.path, one.line, str(one.text)) for one in read_marked(text.encode()).troubles]


def test_values_and_their_lines() -> None:
    document = read_marked(b'a: 1\nb:\n  - "x"\n  - {c: true, d: ~}\ne: |\n  two\n  lines\n')
    assert document.value == {"a": 1, "b": ["x", {"c": True, "d": None}], "e": "two\nlines\n"}
    assert document.troubles == []
    assert [document.line(path) for path in [("a",), ("b",), ("b", 1, "c"), ("e",)]] == [1, 2, 4, 5]


def test_the_line_of_what_is_missing_is_that_of_what_holds_it() -> None:
    document = read_marked(b"a: 1\nb:\n  c: 2\n")
    assert document.line(("b", "x", "y")) == 2
    assert document.line(("nothing",)) == 1


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("no", 'no is read by YAML as false: write true or false, or "no" for the word'),
        ("Yes", 'Yes is read by YAML as true: write true or false, or "Yes" for the word'),
        ("017", 'or as "017" for a text'),
        ("1:30", 'or as "1:30" for a text'),
        ("0x1F", 'or as "0x1F" for a text'),
        ("1_000", 'or as "1_000" for a text'),
        ("1.0", '"1.0"'),
        ("2026-11-21", '2026-11-21 is read by YAML as a date: write it as "2026-11-21"'),
    ],
)
def test_traps_are_named_and_the_remedy_too(written: str, hint: str) -> None:
    [(path, line, said)] = troubles(f"x: 1\ny: {written}\n")
    assert (path, line) == (("y",), 2)
    assert hint in said


def test_quoted_words_are_words() -> None:
    assert read_marked(b'a: "no"\nb: \'017\'\n"on": "1.0"\n').value == {"a": "no", "b": "017", "on": "1.0"}


def test_a_key_that_yaml_reads_as_something_else() -> None:
    [(path, line, said)] = troubles("ca: 1\nno: 2\n")
    assert (path, line) == (("no",), 2)
    assert 'write it as "no"' in said


def test_doubled_keys_name_both_lines() -> None:
    [(path, line, said)] = troubles("a:\n  b: 1\n  c: 2\n  b: {d: 3}\n")
    assert (path, line) == (("a", "b"), 4)
    assert "first on line 2" in said


def test_aliases_are_refused_however_many() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a, *a]\n" for n in range(5))
    found = troubles(bomb)
    assert sum("aliases" in said for _, _, said in found) == 15
    assert sum("anchors" in said for _, _, said in found) == 6


def test_tags_make_nothing() -> None:
    found = troubles("a: !!python/object/apply:os.system ['true']\n")
    assert len(found) == 1
    assert "tags" in found[0][2]


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"", 1, "the file is empty"),
        (b"a: 1\n---\nb: 2\n", 2, "one file holds one document"),
        (b"a: 1\nb: [1,\n", 3, "not valid YAML"),
        (b"a: 1\nb: c: d\n", 2, "not valid YAML"),
        (b"a: 1\nb: \xff\n", 2, "UTF-8"),
        (b"a: 1\nb: \x01\n", 2, "a character that YAML does not allow"),
        (b"[" * 200_000, 1, "nested too deeply"),
        (b"? [a]\n: 1\n", 1, "a key has to be a word"),
        (b"#" * (MAX_BYTES + 1), 1, "larger than 1024 KiB"),
    ],
)
def test_what_cannot_be_read(data: bytes, line: int, said: str) -> None:
    document = read_marked(data)
    assert document.value is None
    assert document.troubles[-1].line == line
    assert said in str(document.troubles[-1].text)


@given(st.binary(max_size=300) | st.text(alphabet="ab:-[]{}&*!|>'\"#?,\n \t0", max_size=80).map(str.encode))
def test_it_never_raises(data: bytes) -> None:
    read_marked(data)
