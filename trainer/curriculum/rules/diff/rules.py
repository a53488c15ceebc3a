"""What differs in the rules: scale, counting, gates, what is handed in, certificates. Said rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trainer.core.text import Text, minutes_text, msg
from trainer.curriculum.rules.diff.changes import Change, Touches, beyond, flat, lists, sentences
from trainer.curriculum.rules.programme import GateSpec, Programme
from trainer.curriculum.rules.requirement_words import requirement_words
from trainer.curriculum.rules.words import (
    assessor_words,
    attendance_words,
    certificate_words,
    placement_words,
    rule_words,
)


def head(old: Programme, new: Programme) -> Iterator[Change]:
    """Code, version and languages."""
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
    yield from lists("languages", old.languages, new.languages, lambda code: code, _LANGUAGE, Touches.READERS)
    if old.languages != new.languages and set(old.languages) == set(new.languages):
        yield Change("languages", msg("The languages stand in another order."), Touches.READERS)
    if old.unit_minutes != new.unit_minutes:
        yield Change(
            "unit_minutes",
            msg(
                "A teaching unit takes %(new)s, not %(old)s.",
                new=minutes_text(new.unit_minutes),
                old=minutes_text(old.unit_minutes),
            ),
            Touches.READERS,
        )
    if old.credits != new.credits:
        yield Change(
            "credits", msg("The workload and the credits of the programme are others."), Touches.READERS
        )
    if old.sources != new.sources:
        yield Change("sources", msg("The sources that are named are others."), Touches.READERS)


_LANGUAGE = (msg("The language %(what)s is new."), msg("The language %(what)s is gone."))


def scale(old: Programme, new: Programme) -> Iterator[Change]:
    """The levels and who decides."""
    titles = {level.code: level.title for level in (*old.scale.levels, *new.scale.levels)}
    yield from lists(
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
    yield from sentences("scale.assessors", [assessor_words(old)], [assessor_words(new)], Touches.ASSESSED)


def counting(old: Programme, new: Programme) -> Iterator[Change]:
    """How attendance and practice are counted, and what someone can ask for."""
    yield from sentences("attendance", attendance_words(old), attendance_words(new), Touches.EVERYBODY)
    yield from sentences("placement", placement_words(old), placement_words(new), Touches.PLACED)
    yield from sentences("rules", rule_words(old), rule_words(new), Touches.EVERYBODY)


def gates(old: Programme, new: Programme) -> Iterator[Change]:
    """Gates and what they ask, requirement by requirement."""
    titles = {name: gate.title for name, gate in (*old.gates.items(), *new.gates.items())}
    yield from lists(
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
    for one in beyond(was, now):
        said = msg("“%(gate)s” no longer asks: %(rule)s", gate=after.title, rule=one)
        yield Change(f"{path}.requirements", said, Touches.NOT_PASSED, after.title)
    for one in beyond(now, was):
        said = msg("“%(gate)s” now asks: %(rule)s", gate=after.title, rule=one)
        yield Change(f"{path}.requirements", said, Touches.NOT_PASSED, after.title)
    yield from _names(path, before, after, was, now)
    for verb in ("opens", "issues"):
        if getattr(before, verb) != getattr(after, verb):
            yield Change(
                f"{path}.{verb}",
                msg("What “%(gate)s” leads to is another.", gate=after.title),
                Touches.NOT_PASSED,
                after.title,
            )


def _names(
    path: str, before: GateSpec, after: GateSpec, was: Sequence[Text], now: Sequence[Text]
) -> Iterator[Change]:
    """Waivers name a requirement by its key, which hangs on its place where none is written."""
    first, second = [flat(one) for one in was], [flat(one) for one in now]
    common = set(first) & set(second)
    old_names = [
        (flat(words), rule.get("key"), rule["kind"])
        for words, rule in zip(was, before.requirements, strict=True)
    ]
    new_names = [
        (flat(words), rule.get("key"), rule["kind"])
        for words, rule in zip(now, after.requirements, strict=True)
    ]
    if {one[:2] for one in old_names if one[0] in common} != {
        one[:2] for one in new_names if one[0] in common
    }:
        yield Change(
            f"{path}.requirements",
            msg(
                "In “%(gate)s”, the name by which a rule is waived is another: look at its waivers.",
                gate=after.title,
            ),
            Touches.NOT_PASSED,
            after.title,
        )
    elif [one for one in first if one in common] != [one for one in second if one in common]:
        yield Change(
            f"{path}.requirements",
            msg("What “%(gate)s” asks stands in another order: look at its waivers.", gate=after.title),
            Touches.NOT_PASSED,
            after.title,
        )


def things(old: Programme, new: Programme) -> Iterator[Change]:
    """What is handed in, sat and decided."""
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
        yield from lists(name, before, after, titles.get, said, Touches.NOT_PASSED)
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


def certificates(old: Programme, new: Programme) -> Iterator[Change]:
    """Certificates: which there are, for how long they are good, what they say of workload and level."""
    titles = {kind: one.title for kind, one in (*old.certificates.items(), *new.certificates.items())}
    yield from lists(
        "certificates",
        old.certificates,
        new.certificates,
        titles.get,
        (msg("The certificate “%(what)s” is new."), msg("The certificate “%(what)s” is gone.")),
        Touches.CERTIFIED,
    )
    yield from sentences("certificates", certificate_words(old), certificate_words(new), Touches.CERTIFIED)
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
