"""The canonical N-Quads of our own documents, written directly.

What is signed is not the JSON but the RDF that it stands for, in canonical form (RDF Dataset Canonicalization,
"RDFC-1.0", W3C 2024). pyld does that for any document in tens of milliseconds; our documents have one
plain shape (no lists, graphs, languages or contexts of their own) and are issued by the thousand. So this module reads the
terms from the same bundled contexts and writes the quads at once. It refuses whatever it does not know, a term
that no context defines above all: such a term would be signed without being covered by the signature. A
property-based test holds it against pyld, which also checks what was signed (proof.py).
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

from trainer.accreditation.documents.credential.contexts import context

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_KEYWORDS = {"id": "@id", "type": "@type"}
# An absolute address; what stands before the colon makes it one.
_ADDRESS = re.compile(r"""[^:<>"{}|^`\\\s]+:[^<>"{}|^`\\\s]*""")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"'})


class UnknownTerm(ValueError):
    """The document uses a term, a type or a form that the bundled contexts do not define."""


@dataclass(frozen=True)
class Term:
    """What a context says of a property: its address, and what its values are: "@id" an address or a
    node, "@vocab" a term of `inner`, "" plain text or a node, else the address of a datatype."""

    address: str
    kind: str
    inner: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Vocabulary:
    """The terms of some contexts: for every node, and for nodes of a type besides."""

    everywhere: Mapping[str, Term]
    types: Mapping[str, tuple[str, Mapping[str, Term]]]


@cache
def vocabulary(addresses: tuple[str, ...]) -> Vocabulary:
    """What the contexts at these addresses define, as far as our documents may use it."""
    everywhere: dict[str, Term] = {}
    types: dict[str, tuple[str, Mapping[str, Term]]] = {}
    for address in addresses:
        for name, said in context(address)["@context"].items():
            if name.startswith("@") or said in _KEYWORDS.values():
                continue
            if (term := _term(said)) is not None:
                everywhere[name] = term
            where = said if isinstance(said, str) else said["@id"]
            inside = said.get("@context", {}) if isinstance(said, dict) else {}
            types[name] = (where, _inside(inside))
    return Vocabulary(everywhere, types)


def _inside(said: Mapping[str, Any]) -> dict[str, Term]:
    terms = {name: _term(one) for name, one in said.items() if not name.startswith("@")}
    return {name: term for name, term in terms.items() if term is not None}


def _term(said: Any) -> Term | None:
    """A property as a context defines it; None for the names of keywords and for forms that we do not use."""
    if isinstance(said, str):
        return None if said.startswith("@") else Term(said, "")
    if said.get("@container", "@set") != "@set":
        return None
    inner = said.get("@context") or {}
    words = {name: one["@id"] for name, one in inner.items() if isinstance(one, dict)}
    kind = said.get("@type", "")
    return None if kind == "@json" else Term(said["@id"], kind, words if kind == "@vocab" else {})


def canonical(document: Mapping[str, Any]) -> str:
    """The canonical N-Quads of a document with our contexts and without a proof. Raises UnknownTerm."""
    writer = _Writer(vocabulary(tuple(document["@context"])))
    writer.node({key: value for key, value in document.items() if key != "@context"})
    return writer.lines()


@dataclass
class _Writer:
    words: Vocabulary
    quads: dict[tuple[str, str, str], None] = field(default_factory=dict)
    blanks: int = 0

    def node(self, node: Mapping[str, Any]) -> str:
        """Writes a node and gives what it is called in quads."""
        name = self._name(node)
        kinds = node.get("type", ())
        terms: dict[str, Term] = dict(self.words.everywhere)
        for kind in [kinds] if isinstance(kinds, str) else kinds:
            if kind not in self.words.types:
                raise UnknownTerm(f"type {kind}")
            where, inside = self.words.types[kind]
            self._quad(name, _TYPE, _iri(where))
            terms.update(inside)
        for key, value in node.items():
            if key in _KEYWORDS:
                continue
            if key not in terms:
                raise UnknownTerm(key)
            for one in value if isinstance(value, (list, tuple)) else [value]:
                self._quad(name, terms[key].address, self._object(key, terms[key], one))
        return name

    def _quad(self, subject: str, predicate: str, value: str) -> None:
        self.quads[(subject, _iri(predicate), value)] = None

    def _name(self, node: Mapping[str, Any]) -> str:
        if "id" in node:
            return _iri(node["id"])
        self.blanks += 1
        return f"_:b{self.blanks}"

    def _object(self, key: str, term: Term, value: Any) -> str:
        if isinstance(value, Mapping):
            return self.node(value)
        if term.kind == "@id":
            return _iri(value)
        if term.kind == "@vocab":
            if value not in term.inner:
                raise UnknownTerm(f"{key}: {value}")
            return _iri(term.inner[value])
        return _literal(key, value, term.kind)

    def lines(self) -> str:
        """All quads, blank nodes named as the canonical form names them, sorted."""
        names = self._canonical_names()
        return "".join(
            sorted(
                f"{names.get(subject, subject)} {predicate} {names.get(value, value)} .\n"
                for subject, predicate, value in self.quads
            )
        )

    def _canonical_names(self) -> dict[str, str]:
        """RDFC-1.0, 4.4: blank nodes are numbered in the order of the hash of the quads they stand in.

        Two with the same hash would need the longer algorithm. Ours differ in what they say; where they
        do not (a document with the same thing twice) it is refused.
        """
        about: dict[str, list[str]] = {}
        for subject, predicate, value in self.quads:
            for name in {part for part in (subject, value) if part.startswith("_:")}:
                line = f"{_near(subject, name)} {predicate} {_near(value, name)} .\n"
                about.setdefault(name, []).append(line)
        hashes = {
            hashlib.sha256("".join(sorted(lines)).encode()).hexdigest(): name for name, lines in about.items()
        }
        if len(hashes) != len(about):
            raise UnknownTerm("two nodes that say the same")
        return {hashes[digest]: f"_:c14n{number}" for number, digest in enumerate(sorted(hashes))}


def _near(part: str, name: str) -> str:
    """A part of a quad as RDFC-1.0, 4.6 writes it to hash the blank node `name`."""
    return part if not part.startswith("_:") else "_:a" if part == name else "_:z"


@lru_cache(maxsize=1024)
def _iri(value: Any) -> str:
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise UnknownTerm(f"address {value}")
    return f"<{value}>"


def _literal(key: str, value: Any, datatype: str) -> str:
    return f'"{_lexical(key, value, datatype).translate(_ESCAPES)}"' + (f"^^<{datatype}>" if datatype else "")


def _lexical(key: str, value: Any, datatype: str) -> str:
    """A value in letters, as JSON-LD 1.1 (API, 8.6) turns JSON into a literal."""
    if isinstance(value, str):
        return value
    if not datatype:  # would need a datatype of its own
        raise UnknownTerm(f"{key}: {value!r}")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    # A whole number in another form (5.0) is written differently by different implementations.
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        digits, exponent = f"{value:.15E}".split("E")
        whole, point, rest = digits.partition(".")
        return f"{whole}{point}{rest.rstrip('0') or '0'}E{int(exponent)}"
    raise UnknownTerm(f"{key}: {value!r}")
