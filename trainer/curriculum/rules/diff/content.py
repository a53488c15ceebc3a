"""What differs in what is taught, and in what is written. Wording is counted, not listed: a comma is no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from trainer.core.text import minutes_text, msg, nmsg
from trainer.curriculum.rules.diff.changes import Change, Touches, lists
from trainer.curriculum.rules.modules import Competency, Module
from trainer.curriculum.rules.programme import Programme


def modules(old: Programme, new: Programme) -> Iterator[Change]:
    """Modules, how they are taught, and what is assessed in them."""
    before, after = ({module.code: module for module in one.modules} for one in (old, new))
    titles = {code: module.title for code, module in (*before.items(), *after.items())}
    yield from lists(
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
        yield from _taught(before[code], after[code])
    competencies = {one.code: one.title for one in (*old.competencies, *new.competencies)}
    yield from lists(
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
        if one.code in old.competency_codes and _answers(old.competency(one.code)) != _answers(one):
            yield Change(
                f"competencies.{one.code}",
                msg("The principles that “%(what)s” answers to are others.", what=one.title),
                Touches.READERS,
            )


def _answers(one: Competency) -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(one.principles), frozenset(one.chime)


def _taught(old: Module, new: Module) -> Iterator[Change]:
    """How a module is taught: its meetings, its plan, who teaches it, what is read."""
    if old.meetings != new.meetings:
        yield Change(
            f"modules.{new.code}.sessions",
            msg(
                "The module “%(what)s” is taught in meetings of %(new)s minutes, not of %(old)s.",
                what=new.title,
                new=", ".join(map(str, new.meetings)),
                old=", ".join(map(str, old.meetings)),
            ),
            Touches.COMING,
        )
    if [(one.minutes, one.method) for one in old.plan] != [(one.minutes, one.method) for one in new.plan]:
        yield Change(
            f"modules.{new.code}.plan",
            msg("The plan of the module “%(what)s” is another.", what=new.title),
            Touches.COMING,
        )
    if [one.lived_experience for one in old.taught_by] != [one.lived_experience for one in new.taught_by]:
        yield Change(
            f"modules.{new.code}.taught_by",
            msg("Who teaches the module “%(what)s” is another.", what=new.title),
            Touches.COMING,
        )
    if [replace(one, why={}) for one in old.reading] != [replace(one, why={}) for one in new.reading]:
        yield Change(
            f"modules.{new.code}.reading",
            msg("What is read for the module “%(what)s” is another.", what=new.title),
            Touches.READERS,
        )


def leftover(old: Programme, new: Programme, found: Sequence[Change]) -> Iterator[Change]:
    """What is written otherwise and means the same: the order of a list, or a rule written out that held anyway."""
    contents = [{key: one.content.get(key) for key in one.content if key != "version"} for one in (old, new)]
    if contents[0] != contents[1] and not [one for one in found if one.path != "version"]:
        yield Change(
            "",
            msg("Something is written otherwise, or stands in another order, and means the same."),
            Touches.NOBODY,
        )


def wording(old: Programme, new: Programme) -> Iterator[Change]:
    """How many texts differ."""
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
