"""Canonical JSON and its hash."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.accreditation.rules.evidence import canonical, evidence_hash, sha256

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_it_reads_back_the_same(value: Any) -> None:
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text(), VALUES, max_size=5))
def test_the_order_of_keys_does_not_matter(value: dict[str, Any]) -> None:
    turned = dict(reversed(list(value.items())))
    assert canonical(turned) == canonical(value)
    assert evidence_hash(turned) == evidence_hash(value)


def test_what_has_no_exact_form_is_refused() -> None:
    for value in (1.5, {1: "a"}, {"a": {1, 2}}, [object()], float("nan")):
        with pytest.raises(ValueError):
            canonical(value)


def test_it_is_the_known_digest() -> None:
    assert canonical({"b": [1, True, None], "a": "ç"}) == '{"a":"ç","b":[1,true,null]}'
    assert evidence_hash({}) == "sha256:" + sha256(b"{}")
