"""The rules beside the gates: assessors, make-ups, claims of prior learning, and the lists of things to hand in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from trainer.core.text import msg
from trainer.curriculum.rules.parts import Finding, Path, items, mapping, number, unique
from trainer.curriculum.rules.requirement_checks import COMPETENCIES, codes, named


def check_rules(source: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything that is wrong with the meaning of these rules."""
    yield from _assessors(source)
    yield from _cap(source)
    yield from _make_ups(source)
    yield from _prior_learning(source)
    for key in ("documents", "portfolio", "tests", "decisions"):
        yield from unique((key,), items(source, key), lambda one: mapping(one).get("code"), "code")


def _assessors(source: Mapping[str, Any]) -> Iterator[Finding]:
    if "scale" not in source and _competency_codes(source):
        yield Finding(
            ("scale",),
            msg("modules have competencies: say on which scale they are assessed, under `scale`"),
        )
    rule = mapping(mapping(source.get("scale")).get("assessors"))
    kinds = mapping(rule.get("kinds"))
    asked = sum(number(kinds, kind) or 0 for kind in kinds)
    required = 1 if "required" not in rule else number(rule, "required")
    path: Path = ("scale", "assessors")
    if required is not None and asked > required:
        yield Finding(
            (*path, "kinds"),
            msg(
                "the kinds add up to %(asked)d assessors, but `required` is %(required)d: raise it, or ask for fewer",
                asked=asked,
                required=required,
            ),
        )
    decides = rule.get("decides")
    if kinds and decides in ("assessor", "peer_assessor", "reference_professional") and decides not in kinds:
        yield Finding(
            (*path, "decides"),
            msg("`%(kind)s` decides, but is not among the `kinds` that are asked for: add it", kind=decides),
        )


def _cap(source: Mapping[str, Any]) -> Iterator[Finding]:
    excused = mapping(mapping(source.get("attendance")).get("excused"))
    if excused.get("counts_as") == "absent" and "cap" in excused:
        yield Finding(
            ("attendance", "excused", "cap"),
            msg(
                "an excused absence counts like any other, so there is nothing to cap: remove it, or write "
                "`counts_as: excluded` or `credited`"
            ),
        )


def _make_ups(source: Mapping[str, Any]) -> Iterator[Finding]:
    rule = mapping(mapping(source.get("attendance")).get("make_ups"))
    path: Path = ("attendance", "make_ups", "not_for")
    for position, code in enumerate(items(rule, "not_for")):
        if isinstance(code, str):
            yield from named((*path, position), code, source, "modules")


def _prior_learning(source: Mapping[str, Any]) -> Iterator[Finding]:
    if "prior_learning" not in source:
        return
    there = len(_competency_codes(source))
    most = number(mapping(source.get("prior_learning")), "at_most")
    if not there:
        yield Finding(
            ("prior_learning",),
            msg("no module has a competency that could be claimed: remove it"),
            about=COMPETENCIES,
            of="all",
        )
    elif most is not None and most > there:
        yield Finding(
            ("prior_learning", "at_most"),
            msg("the programme has %(there)d competencies: at most that many", there=there),
        )


def _competency_codes(source: Mapping[str, Any]) -> list[str]:
    return [
        code for module in map(mapping, items(source, "modules")) for code in codes(module, "competencies")
    ]
