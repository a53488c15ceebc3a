"""Certificates: their words have places that there are, what they attest and for how long agrees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainer.core.text import msg, nmsg
from trainer.curriculum.rules.certificates import ATTENDANCE, ATTENDED, PLACEHOLDERS, placeholders
from trainer.curriculum.rules.parts import Finding, Path, entries, items, mapping, number, text

_DAYS = {"years": 365, "months": 28}  # the fewest that a year or a month has


def check_certificates(source: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything that is wrong with the meaning of the certificates, but for what gates say of them."""
    kinds = dict(entries(source, "certificates"))
    for kind, raw in kinds.items():
        path: Path = ("certificates", kind)
        wording = mapping(raw)
        yield from _lines(path, wording)
        yield from _attests(path, kind, wording, kinds)
        yield from _validity(path, wording)


def _lines(path: Path, wording: Mapping[str, Any]) -> Iterator[Finding]:
    known = (*PLACEHOLDERS, ATTENDED) if _attendance(wording) else PLACEHOLDERS
    named: set[str] = set()
    for position, line in enumerate(items(wording, "lines")):
        places: dict[str, list[str]] = {}
        for language, words in mapping(line).items():
            if not isinstance(words, str):
                continue
            places[language] = placeholders(words)
            for place in places[language]:
                if place == ATTENDED and place not in known:
                    yield Finding(
                        (*path, "lines", position, language),
                        msg("{%(place)s} belongs only where `attests: attendance` stands", place=place),
                    )
                elif place not in known:
                    yield Finding(
                        (*path, "lines", position, language),
                        msg(
                            "no such place: {%(place)s}; the places are %(known)s",
                            place=place,
                            known=", ".join(f"{{{name}}}" for name in known),
                        ),
                    )
        everywhere = {place for found in places.values() for place in found if place in known}
        named |= everywhere
        for language, found in places.items():
            if lacking := sorted(everywhere - set(found)):
                yield Finding(
                    (*path, "lines", position, language),
                    nmsg(
                        "%(places)s stands in another language of this line but not here: write it here too",
                        "%(places)s stand in another language of this line but not here: write them here too",
                        len(lacking),
                        places=", ".join(f"{{{place}}}" for place in lacking),
                    ),
                )
    if items(wording, "lines"):
        if "name" not in named:
            yield Finding(
                (*path, "lines"),
                msg("no line holds {name}: a certificate has to say whose it is"),
                about=(*path, "lines", "*"),
            )
        if _attendance(wording) and ATTENDED not in named:
            yield Finding(
                (*path, "lines"),
                msg("no line holds {attended_hours}: an attestation has to say how much was attended"),
                about=(*path, "lines", "*"),
            )


def _attests(
    path: Path, kind: str, wording: Mapping[str, Any], kinds: Mapping[str, Any]
) -> Iterator[Finding]:
    unless = text(wording, "unless")
    if not _attendance(wording):
        if unless is not None:
            yield Finding(
                (*path, "unless"),
                msg("only an attestation has it: remove it, or add `attests: attendance`"),
            )
        return
    if unless is not None and (
        unless == kind or unless not in kinds or _attendance(mapping(kinds.get(unless)))
    ):
        known = [one for one, other in kinds.items() if not _attendance(mapping(other))]
        yield Finding(
            (*path, "unless"),
            msg(
                "name the kind of certificate that makes this one needless: one of %(known)s",
                known=", ".join(known) or "–",
            ),
        )
    if items(wording, "outcomes"):
        yield Finding(
            (*path, "outcomes"), msg("attendance shows no learning outcomes: remove them from this kind")
        )
    for key in ("ects", "eqf_level"):
        if key in mapping(wording.get("credential")):
            yield Finding(
                (*path, "credential", key),
                msg("attendance gives no credits and has no level: remove `%(key)s`", key=key),
            )


def _validity(path: Path, wording: Mapping[str, Any]) -> Iterator[Finding]:
    if "valid_for" not in wording:
        for key in ("remind_days", "renewal"):
            if key in wording:
                yield Finding(
                    (*path, key),
                    msg("without `valid_for` it is good for ever: remove this, or say for how long"),
                    about=(*path, "valid_for"),
                )
        return
    written = mapping(wording.get("valid_for"))
    least = max((days * (number(written, unit) or 0) for unit, days in _DAYS.items()), default=0)
    for position, days in enumerate(items(wording, "remind_days")):
        if isinstance(days, int) and not isinstance(days, bool) and 0 < least <= days:
            yield Finding(
                (*path, "remind_days", position),
                msg("%(days)d days before its end it is not there yet: remind later", days=days),
            )


def _attendance(wording: Mapping[str, Any]) -> bool:
    return wording.get("attests") == ATTENDANCE
