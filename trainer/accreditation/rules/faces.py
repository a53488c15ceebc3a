"""What a university says otherwise on the documents of one programme, laid over what the programme says. Pure.

What is said otherwise ("own" below) is kept by kind of document: {"title": {language: words}, "lines":
{language: text, one line a line}, "ects": "1.6", "eqf_level": 4, "assessment" | "participation" |
"quality_assurance": {language: words}}. What is left out, or empty, stays as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from trainer.core.text import Text, msg
from trainer.curriculum.rules import CertificateWording
from trainer.curriculum.rules.certificates import ATTENDED, PLACEHOLDERS, placeholders

NAME = "{name}"
WORDS = ("title", "assessment", "participation", "quality_assurance")
MOST_LINES = 12
EQF_LEVELS = range(1, 9)
_ECTS = re.compile(r"\d{1,3}(\.\d{1,3})?", re.ASCII)

Localised = Mapping[str, str]


def laid_over(wording: CertificateWording, own: Mapping[str, Any]) -> CertificateWording:
    """The wording that the university's documents carry, in the languages of the programme's own.

    For any `own` there is an answer, and every language keeps a title and lines.
    """
    languages = tuple(wording.title)
    spec = wording.credential
    return replace(
        wording,
        title=over(wording.title, own.get("title"), languages),
        lines=_lines(wording.lines, own.get("lines"), languages),
        credential=replace(
            spec,
            ects=(own.get("ects") if gives_credits(wording) else None) or spec.ects,
            eqf_level=(own.get("eqf_level") if gives_credits(wording) else None) or spec.eqf_level,
            assessment=over(spec.assessment, own.get("assessment"), languages),
            participation=over(spec.participation, own.get("participation"), languages),
            quality_assurance=over(spec.quality_assurance, own.get("quality_assurance"), languages),
        ),
    )


def gives_credits(wording: CertificateWording) -> bool:
    """Credits and a level stand for what was learned; attendance alone has neither."""
    return not wording.attests_attendance


def over(base: Localised, own: Localised | None, languages: Sequence[str]) -> dict[str, str]:
    """`base` with what `own` says in `languages`; blank words say nothing."""
    return {**base, **{code: own[code] for code in languages if own and own.get(code, "").strip()}}


def typed_lines(text: str) -> list[str]:
    """The lines of a text area; blank ones are left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def text_of(lines: Sequence[Localised], language: str) -> str:
    """The lines of one language as a text area shows them: the inverse of `typed_lines`."""
    return "\n".join(line[language] for line in lines if line.get(language, "").strip())


def _lines(
    base: tuple[dict[str, str], ...], own: Any, languages: Sequence[str]
) -> tuple[dict[str, str], ...]:
    typed = {code: typed_lines(own.get(code, "")) for code in languages} if own else {}
    if not any(typed.values()):
        return base
    columns = {code: typed[code] or typed_lines(text_of(base, code)) for code in languages}
    longest = max(len(column) for column in columns.values())
    # Languages may take a different number of lines; the shorter ones end in blanks, which print as nothing.
    return tuple(
        {code: column[at] if at < len(column) else "" for code, column in columns.items()}
        for at in range(longest)
    )


def differing(wording: CertificateWording, given: Mapping[str, Any]) -> dict[str, Any]:
    """What `given` (of the shape of "own") says otherwise than the programme: only that is kept, so that the
    rest follows the programme when it changes."""
    spec = wording.credential
    kept: dict[str, Any] = {}
    for name in WORDS:
        base = wording.title if name == "title" else getattr(spec, name)
        words = given.get(name) or {}
        kept[name] = {
            code: words[code]
            for code in wording.title
            if words.get(code, "").strip() and words[code] != base.get(code, "")
        }
    lines = {code: typed_lines((given.get("lines") or {}).get(code, "")) for code in wording.title}
    kept["lines"] = {
        code: "\n".join(typed)
        for code, typed in lines.items()
        if typed and typed != typed_lines(text_of(wording.lines, code))
    }
    if gives_credits(wording):
        for name in ("ects", "eqf_level"):
            kept[name] = given.get(name) if given.get(name) != getattr(spec, name) else None
    return {name: value for name, value in kept.items() if value}


def places_of(wording: CertificateWording) -> tuple[str, ...]:
    """The places that the lines of this kind of document may hold."""
    return (*PLACEHOLDERS, ATTENDED) if wording.attests_attendance else PLACEHOLDERS


def line_problems(wording: CertificateWording, lines: Localised) -> list[tuple[str, Text]]:
    """What keeps typed lines from being printed, as (language, words). The programme's own are its own business,
    and are looked at only beside others.

    The name is set large, on a line of its own: {name} stands alone on one line, once.
    """
    own = differing(wording, {"lines": lines}).get("lines", {})
    known = places_of(wording)
    found: list[tuple[str, Text]] = []
    named: dict[str, list[str]] = {}
    for code in wording.title if own else ():
        typed = typed_lines(own.get(code, "") or text_of(wording.lines, code))
        named[code] = list(dict.fromkeys(place for line in typed for place in placeholders(line)))
        if code in own:
            found += [(code, words) for words in _own_problems(wording, typed, named[code], known)]
    # Two languages of one document say the same of its holder.
    everywhere = {place for places in named.values() for place in places if place in known}
    for code, places in named.items():
        if lacking := sorted(everywhere - set(places) - {"name", ATTENDED}):
            words = msg(
                "Other languages of this text say more: %(places)s is not here.", places=_listed(lacking)
            )
            found.append((code, words))
    return found


def _own_problems(
    wording: CertificateWording, typed: list[str], named: list[str], known: Sequence[str]
) -> Iterator[Text]:
    for place in named:
        if place not in known:
            yield _unknown(place, known)
    if typed.count(NAME) != 1:
        yield msg("Write {name} once on a line of its own: the name is set in large letters there.")
    if wording.attests_attendance and ATTENDED not in named:
        yield msg("Write {attended_hours} where the hours that were attended belong.")
    if len(typed) > MOST_LINES:
        yield msg("There is room for %(most)d lines.", most=MOST_LINES)


def _unknown(place: str, known: Sequence[str]) -> Text:
    listed = _listed(known)
    if place in ("{", "}"):
        return msg("A brace %(place)s stands alone. The places are %(known)s.", place=place, known=listed)
    return msg("There is no place {%(place)s}. The places are %(known)s.", place=place, known=listed)


def _listed(places: Sequence[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in places)


def tidy_ects(typed: str) -> str | None:
    """Credits as an exact decimal with a point; None when the text is none. Empty is empty."""
    bare = typed.strip().replace(",", ".")
    return bare if not bare or _ECTS.fullmatch(bare) else None
