"""What a certificate says, in plain values and already in its language: all that the page needs, and what
is frozen.

It has room for what the Council's recommendation on micro-credentials (2022/C 243/02, annex I) lists, and
none for a diagnosis, an adjustment, an absence or a score.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Signatory:
    name: str
    position: str


@dataclass(frozen=True)
class Part:
    """One module on the second page: a title line, its length in words, and what it leads to."""

    title: str
    length: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Labels:
    """The small words of the page, in its language."""

    serial: str
    code: str
    verify: str
    page: str  # "Page %(page)d of %(pages)d"
    specimen: str = ""  # the word, when the document is one
    specimen_note: str = ""
    # What is said of pictures, links and fields to who does not see them.
    logo: str = "%(university)s"
    symbol: str = "QR: %(address)s"
    link: str = "%(address)s"
    signature: str = "%(name)s, %(position)s"


@dataclass(frozen=True)
class Sheet:
    """The words of one certificate. Lists keep their order; what is empty leaves no gap on the page."""

    language: str
    title: str
    lead: str  # stands above the name
    name: str
    body: tuple[str, ...]  # paragraphs below the name
    university: str
    accent: str  # "#rrggbb"
    place_and_date: str
    serial: str
    code: str  # with dashes
    address: str  # of the verification page, whole
    labels: Labels
    signatories: tuple[Signatory, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()  # label, value
    closing: str = ""
    supplement_title: str = ""
    supplement_facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()

    def document(self) -> dict[str, Any]:
        """The sheet as JSON-ready values, for freezing."""
        return asdict(self)


@dataclass(frozen=True)
class Logo:
    """The university's picture; `data` is a PNG or JPEG that was checked when it was taken in."""

    data: bytes = field(repr=False)
    mimetype: str = "image/png"


def sheet_from(document: Mapping[str, Any]) -> Sheet:
    """The sheet that `Sheet.document` froze."""
    values = dict(document)
    return Sheet(
        **{
            **values,
            "body": tuple(values["body"]),
            "labels": Labels(**values["labels"]),
            "signatories": tuple(Signatory(**one) for one in values.get("signatories", ())),
            "facts": tuple((label, value) for label, value in values.get("facts", ())),
            "supplement_facts": tuple((label, value) for label, value in values.get("supplement_facts", ())),
            "parts": tuple(
                Part(one["title"], one["length"], tuple(one["outcomes"])) for one in values.get("parts", ())
            ),
        }
    )
