"""What differs between two versions of a programme, in words, and whom it would touch. Pure.

Wording is counted, not listed: a comma is no rule. What changes a decision is said rule by rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trainer.core.text import Text, minutes_text, msg, nmsg
from trainer.curriculum.rules.programme import GateSpec, Programme
from trainer.curriculum.rules.requirement_words import requirement_words
from trainer.curriculum.rules.words import (
    assessor_words,
    attendance_words,
    certificate_words,
    placement_words,
    rule_words,
)


class Touches(StrEnum):
    """Whom a change would touch, were a running course to move to the new version."""

    NOBODY = "nobody"
    READERS = "readers"  # what people read, and no decision
    COMING = "coming"  # what is taught from now on
    EVERYBODY = "everybody"  # how attendance is counted
    NOT_PASSED = "not_passed"  # who has not passed a gate yet, and who passed it
    ASSESSED = "assessed"  # who has been assessed, or will be
    PLACED = "placed"  # who is in a placement, or will be
    CERTIFIED = "certified"  # who will be given a certificate; issued ones stay as they are


@dataclass(frozen=True)
class Change:
    """One difference: where in the file, what in words, and whom it touches."""

    path: str
    said: Text
    touches: Touches
    gate: Any = None  # the gate's title, where it touches who has not passed one


def differences(old: Programme, new: Programme) -> list[Change]:
    """Everything that differs, in the order of the file: rules first said one by one, wording counted at the end."""
    return [
        *_head(old, new),
        *_scale(old, new),
        *_counting(old, new),
        *_gates(old, new),
        *_things(old, new),
        *_certificates(old, new),
        *_modules(old, new),
        *_wording(old, new),
    ]


def touches_words(change: Change) -> Text:
    """Whom the change would touch, in words."""
    if change.touches is Touches.NOT_PASSED and change.gate is not None:
        return msg("touches everybody at the gate “%(gate)s”", gate=change.gate)
    return {
        Touches.NOBODY: msg("touches nobody"),
        Touches.READERS: msg("touches what people read, and no decision"),
        Touches.COMING: msg("touches what is taught from now on"),
        Touches.EVERYBODY: msg("touches everybody on the course"),
        Touches.NOT_PASSED: msg("touches everybody at that gate"),
        Touches.ASSESSED: msg("touches everybody who is assessed"),
        Touches.PLACED: msg("touches everybody in a placement"),
        Touches.CERTIFIED: msg("touches certificates still to be issued; those issued stay as they are"),
    }[change.touches]


def missing_for(
    new: Programme, modules: Iterable[str], competencies: Iterable[str], levels: Iterable[str]
) -> list[Text]:
    """Why a course that uses these codes cannot move to the new version: what it has on record must still have a name."""
    found = [
        msg("A session teaches the module %(code)s, which the new version does not have.", code=code)
        for code in sorted(set(modules) - {module.code for module in new.modules})
    ]
    found += [
        msg("The competency %(code)s was assessed, and the new version does not have it.", code=code)
        for code in sorted(set(competencies) - set(new.competency_codes))
    ]
    found += [
        msg("The level %(code)s was given, and the new scale does not have it.", code=code)
        for code in sorted(set(levels) - set(new.scale.codes))
    ]
    return found


def _head(old: Programme, new: Programme) -> Iterator[Change]:
    if old.code != new.code:
        yield Change(
            "code",
            msg("Another programme: %(old)s, then %(new)s.", old=old.code, new=new.code),
            Touches.EVERYBODY,
        )
    if old.version != new.version:
        yield Change(
            "version",
            msg("Version %(old)s becomes %(new)s.", old=old.version, new=new.version),
            Touches.NOBODY,
        )
    elif old.hash != new.hash:
        yield Change(
            "version",
            msg(
                "Both call themselves version %(version)s, but their contents differ: give one another number.",
                version=old.version,
            ),
            Touches.NOBODY,
        )
    yield from _lists(
        "languages", old.languages, new.languages, lambda code: code, _LANGUAGE, Touches.READERS
    )


_LANGUAGE = (msg("The language %(what)s is new."), msg("The language %(what)s is gone."))


def _lists(
    path: str,
    old: Iterable[str],
    new: Iterable[str],
    title: Any,
    words: tuple[Text, Text],
    touches: Touches,
) -> Iterator[Change]:
    """One change for each code that came or went."""
    before, after = list(old), list(new)
    for code in after:
        if code not in before:
            yield Change(f"{path}.{code}", Text(words[0].message, {"what": title(code)}), touches)
    for code in before:
        if code not in after:
            yield Change(f"{path}.{code}", Text(words[1].message, {"what": title(code)}), touches)


def _sentences(path: str, old: Sequence[Text], new: Sequence[Text], touches: Touches) -> Iterator[Change]:
    """Rules that are said in sentences: those that no longer hold, and those that hold from now on."""
    before, after = [_flat(one) for one in old], [_flat(one) for one in new]
    for one, key in zip(old, before, strict=True):
        if key not in after:
            yield Change(path, msg("No longer: %(rule)s", rule=one), touches)
    for one, key in zip(new, after, strict=True):
        if key not in before:
            yield Change(path, msg("New: %(rule)s", rule=one), touches)


def _flat(text: Any) -> Any:
    """A text with its values, comparable."""
    if isinstance(text, Text):
        return (
            text.message,
            text.count,
            tuple((key, _flat(value)) for key, value in sorted(text.values.items())),
        )
    if isinstance(text, Mapping):
        return tuple((key, _flat(value)) for key, value in sorted(text.items()))
    if isinstance(text, (list, tuple)):
        return tuple(_flat(one) for one in text)
    return text


def _scale(old: Programme, new: Programme) -> Iterator[Change]:
    titles = {level.code: level.title for level in (*old.scale.levels, *new.scale.levels)}
    yield from _lists(
        "scale.levels",
        old.scale.codes,
        new.scale.codes,
        titles.get,
        (msg("The scale has a new level, “%(what)s”."), msg("The scale loses the level “%(what)s”.")),
        Touches.ASSESSED,
    )
    for level in new.scale.levels:
        if level.code in old.scale.codes and old.scale.level(level.code).passing != level.passing:
            said = (
                msg("The level “%(level)s” passes now.", level=level.title)
                if level.passing
                else msg("The level “%(level)s” no longer passes.", level=level.title)
            )
            yield Change(f"scale.levels.{level.code}", said, Touches.ASSESSED)
    common = [code for code in old.scale.codes if code in new.scale.codes]
    if common != [code for code in new.scale.codes if code in common]:
        yield Change("scale.levels", msg("The levels stand in another order."), Touches.ASSESSED)
    yield from _sentences("scale.assessors", [assessor_words(old)], [assessor_words(new)], Touches.ASSESSED)


def _counting(old: Programme, new: Programme) -> Iterator[Change]:
    yield from _sentences("attendance", attendance_words(old), attendance_words(new), Touches.EVERYBODY)
    yield from _sentences("placement", placement_words(old), placement_words(new), Touches.PLACED)
    yield from _sentences("rules", rule_words(old), rule_words(new), Touches.EVERYBODY)


def _gates(old: Programme, new: Programme) -> Iterator[Change]:
    titles = {name: gate.title for name, gate in (*old.gates.items(), *new.gates.items())}
    yield from _lists(
        "gates",
        old.gates,
        new.gates,
        titles.get,
        (msg("The gate “%(what)s” is new."), msg("The gate “%(what)s” is gone.")),
        Touches.NOT_PASSED,
    )
    for name, gate in new.gates.items():
        if name in old.gates:
            yield from _gate(old, new, old.gates[name], gate)


def _gate(old: Programme, new: Programme, before: GateSpec, after: GateSpec) -> Iterator[Change]:
    path = f"gates.{after.name}"
    was = [requirement_words(old, one) for one in before.requirements]
    now = [requirement_words(new, one) for one in after.requirements]
    for one in was:
        if _flat(one) not in [_flat(other) for other in now]:
            said = msg("“%(gate)s” no longer asks: %(rule)s", gate=after.title, rule=one)
            yield Change(f"{path}.requirements", said, Touches.NOT_PASSED, after.title)
    for one in now:
        if _flat(one) not in [_flat(other) for other in was]:
            said = msg("“%(gate)s” now asks: %(rule)s", gate=after.title, rule=one)
            yield Change(f"{path}.requirements", said, Touches.NOT_PASSED, after.title)
    for verb in ("opens", "issues"):
        if getattr(before, verb) != getattr(after, verb):
            yield Change(
                f"{path}.{verb}",
                msg("What “%(gate)s” leads to is another.", gate=after.title),
                Touches.NOT_PASSED,
                after.title,
            )


def _things(old: Programme, new: Programme) -> Iterator[Change]:
    words = {
        "documents": (
            msg("The document “%(what)s” is new."),
            msg("The document “%(what)s” is no longer named."),
        ),
        "portfolio": (
            msg("The portfolio has a new part, “%(what)s”."),
            msg("The portfolio no longer has the part “%(what)s”."),
        ),
        "tests": (msg("The test “%(what)s” is new."), msg("The test “%(what)s” is gone.")),
        "decisions": (msg("The decision “%(what)s” is new."), msg("The decision “%(what)s” is gone.")),
    }
    for name, said in words.items():
        before = {one.code: one for one in getattr(old, name)}
        after = {one.code: one for one in getattr(new, name)}
        titles = {code: one.title for code, one in (*before.items(), *after.items())}
        yield from _lists(name, before, after, titles.get, said, Touches.NOT_PASSED)
        for code, one in after.items():
            if code in before and _terms(before[code]) != _terms(one):
                yield Change(
                    f"{name}.{code}",
                    msg("The terms of “%(what)s” are others.", what=one.title),
                    Touches.NOT_PASSED,
                )


def _terms(thing: Any) -> tuple[Any, ...]:
    """What of a document, test or decision is a rule and no wording."""
    return tuple(getattr(thing, name, None) for name in ("valid_for", "out_of", "attempts", "by"))


def _certificates(old: Programme, new: Programme) -> Iterator[Change]:
    titles = {kind: one.title for kind, one in (*old.certificates.items(), *new.certificates.items())}
    yield from _lists(
        "certificates",
        old.certificates,
        new.certificates,
        titles.get,
        (msg("The certificate “%(what)s” is new."), msg("The certificate “%(what)s” is gone.")),
        Touches.CERTIFIED,
    )
    yield from _sentences("certificates", certificate_words(old), certificate_words(new), Touches.CERTIFIED)
    for kind, one in new.certificates.items():
        if kind in old.certificates and old.certificates[kind].credential != one.credential:
            yield Change(
                f"certificates.{kind}.credential",
                msg(
                    "What “%(what)s” says of workload, level, assessment or quality is another.",
                    what=one.title,
                ),
                Touches.CERTIFIED,
            )


def _modules(old: Programme, new: Programme) -> Iterator[Change]:
    before, after = ({module.code: module for module in one.modules} for one in (old, new))
    titles = {code: module.title for code, module in (*before.items(), *after.items())}
    yield from _lists(
        "modules",
        before,
        after,
        titles.get,
        (msg("The module “%(what)s” is new."), msg("The module “%(what)s” is gone.")),
        Touches.COMING,
    )
    common = [code for code in before if code in after]
    if common != [code for code in after if code in before]:
        yield Change("modules", msg("The modules come in another order."), Touches.COMING)
    for code in common:
        if before[code].minutes != after[code].minutes:
            yield Change(
                f"modules.{code}.minutes",
                msg(
                    "The module “%(what)s” takes %(new)s, not %(old)s.",
                    what=after[code].title,
                    new=minutes_text(after[code].minutes),
                    old=minutes_text(before[code].minutes),
                ),
                Touches.COMING,
            )
    competencies = {one.code: one.title for one in (*old.competencies, *new.competencies)}
    yield from _lists(
        "competencies",
        old.competency_codes,
        new.competency_codes,
        competencies.get,
        (msg("The competency “%(what)s” is new."), msg("The competency “%(what)s” is gone.")),
        Touches.ASSESSED,
    )
    for one in new.competencies:
        if one.code in old.competency_codes and old.competency(one.code).descriptors != one.descriptors:
            yield Change(
                f"competencies.{one.code}",
                msg("What the levels of “%(what)s” look like is described in other words.", what=one.title),
                Touches.ASSESSED,
            )


def _wording(old: Programme, new: Programme) -> Iterator[Change]:
    languages = frozenset(old.languages) | frozenset(new.languages)
    before, after = _texts(old.content, languages), _texts(new.content, languages)
    places = len({path for path, _ in before.items() ^ after.items()})
    if places:
        yield Change(
            "",
            nmsg(
                "The wording differs in %(num)d place.",
                "The wording differs in %(num)d places.",
                places,
            ),
            Touches.READERS,
        )


def _texts(content: Any, languages: frozenset[str], path: str = "") -> dict[str, str]:
    """Every text in a language, by its place. Things in lists go by their code, so that a new one moves no other."""
    found: dict[str, str] = {}
    if isinstance(content, Mapping):
        if (
            content
            and all(isinstance(value, str) for value in content.values())
            and set(content) <= languages
        ):
            return {f"{path}.{language}": value for language, value in content.items()}
        for key, value in content.items():
            found.update(_texts(value, languages, f"{path}.{key}"))
    elif isinstance(content, (list, tuple)):
        for position, value in enumerate(content):
            name = value.get("code") or value.get("name") if isinstance(value, Mapping) else None
            found.update(_texts(value, languages, f"{path}.{name or position}"))
    return found
