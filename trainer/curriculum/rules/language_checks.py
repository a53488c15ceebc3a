"""Texts in every language of a programme: what is missing or too many, and when the mistake is in the list of languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trainer.core.text import msg, nmsg
from trainer.curriculum.rules.parts import Finding, Path, items

_CODE = re.compile(r"[a-z]{2,3}")
_FEW = 3  # so many texts with the same mistake may each be one; more have it from the list of languages
MISSING, STRANGE = "missing:", "strange:"


def localised_findings(
    path: Path, instance: Mapping[str, Any], languages: Sequence[str]
) -> Iterator[Finding]:
    """What is wrong with the languages of one text."""
    missing = [one for one in languages if one not in instance]
    strange = [str(one) for one in instance if one not in languages]
    everywhere = ", ".join(languages)
    if (
        len(missing) == 1
        and len(strange) == 1
        and not _CODE.fullmatch(strange[0])
        and missing[0] != strange[0]
    ):
        yield _strange(path, strange[0], everywhere, meant=missing[0])
        return
    if (
        len(missing) == 1
        and len(strange) == 1
        and strange[0] in (missing[0] + missing[0][-1], missing[0][0] + missing[0])
    ):
        yield _strange(path, strange[0], everywhere, meant=missing[0])
        return
    if strange and len(missing) == len(languages) and not all(map(_CODE.fullmatch, strange)):
        yield Finding(
            path,
            msg(
                "the text belongs here once for each language (%(example)s)",
                example=", ".join(f"{one}: …" for one in languages),
            ),
            of="whole",
        )
        return
    if len(missing) == 1:
        yield Finding(
            (*path, missing[0]),
            msg("the text in this language is missing: the programme is in %(all)s", all=everywhere),
            of=MISSING + missing[0],
        )
    elif missing:
        yield Finding(
            (*path, missing[0]),
            msg(
                "the texts in these languages are missing: %(missing)s; the programme is in %(all)s",
                missing=", ".join(missing),
                all=everywhere,
            ),
        )
    for one in strange:
        yield _strange(path, one, everywhere)


def _strange(path: Path, language: str, everywhere: str, meant: str | None = None) -> Finding:
    if meant is not None:
        return Finding(
            (*path, language),
            msg(
                "`%(language)s` is not a language of the programme (%(all)s): did you mean `%(meant)s`?",
                language=language,
                all=everywhere,
                meant=meant,
            ),
            covers=((*path, meant),),
        )
    return Finding(
        (*path, language),
        msg(
            "`%(language)s` is not a language of the programme (%(all)s): remove it, or add it to `languages`",
            language=language,
            all=everywhere,
        ),
        about=("languages", "*"),
        of=STRANGE + language,
    )


def of_languages(source: Mapping[str, Any], findings: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, but for a language that is wrong in `languages` itself: that is said once, there."""
    counted = Counter(finding.of for finding in findings)
    written = set(_keys(source))
    listed = items(source, "languages")
    absent = [one for one in listed if counted[f"{MISSING}{one}"] > _FEW and one not in written]
    unlisted = [
        language
        for of, number in counted.items()
        if of.startswith(STRANGE) and number > _FEW and _CODE.fullmatch(language := of.removeprefix(STRANGE))
    ]
    if len(absent) == len(unlisted) == 1:
        yield Finding(
            ("languages", listed.index(absent[0])),
            msg(
                "no text is in `%(absent)s`, but %(number)d are in `%(unlisted)s`, which is not in this list: is it the one "
                "that you mean?",
                absent=absent[0],
                unlisted=unlisted[0],
                number=counted[STRANGE + unlisted[0]],
            ),
        )
    else:
        yield from _listed(listed, absent, unlisted, counted)
    said = {*(MISSING + one for one in absent), *(STRANGE + one for one in unlisted)}
    yield from (finding for finding in findings if finding.of not in said)


def _listed(
    listed: list[Any], absent: list[str], unlisted: list[str], counted: Mapping[str, int]
) -> Iterator[Finding]:
    for language in absent:
        yield Finding(
            ("languages", listed.index(language)),
            nmsg(
                "no text is in `%(language)s`: take it out of the list, or write %(num)d text in it",
                "no text is in `%(language)s`: take it out of the list, or write %(num)d texts in it",
                counted[MISSING + language],
                language=language,
            ),
        )
    for language in unlisted:
        yield Finding(
            ("languages",),
            nmsg(
                "%(num)d text is in `%(language)s`, which is not in this list: add it, or take it out of the text",
                "%(num)d texts are in `%(language)s`, which is not in this list: add it, or take it out of the texts",
                counted[STRANGE + language],
                language=language,
            ),
            about=("languages", "*"),
            of=STRANGE + language,
        )


def _keys(value: Any) -> Iterator[str]:
    """Every key of every mapping."""
    if isinstance(value, Mapping):
        yield from (key for key in value if isinstance(key, str))
    children = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for child in children:
        yield from _keys(child)
