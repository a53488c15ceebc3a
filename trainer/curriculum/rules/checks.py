"""What a programme must satisfy beyond the shape of its file (which schema.json describes).

Written to survive any shape: a part of the wrong type is skipped here, because the schema has named it, so
that one run lists everything there is to mend.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from trainer.core.text import msg, nmsg
from trainer.curriculum.rules.certificate_checks import check_certificates
from trainer.curriculum.rules.gate_checks import check_gates
from trainer.curriculum.rules.parts import TWICE, Finding, Path, items, mapping, number, one_of, text, unique
from trainer.curriculum.rules.requirement_checks import LEVELS
from trainer.curriculum.rules.rule_checks import check_rules

__all__ = ["Finding", "check"]


def check(source: Mapping[str, Any]) -> list[Finding]:
    """Everything that is wrong with the meaning of a source whose modules are already read in."""
    return [
        *_languages(source),
        *_scale(source),
        *_credits(source),
        *_modules(source),
        *check_rules(source),
        *check_gates(source),
        *check_certificates(source),
    ]


def _languages(source: Mapping[str, Any]) -> Iterator[Finding]:
    yield from unique(("languages",), items(source, "languages"), lambda item: item)


def _scale(source: Mapping[str, Any]) -> Iterator[Finding]:
    scale = mapping(source.get("scale"))
    levels = items(scale, "levels")
    path: Path = ("scale", "levels")
    yield from unique(path, levels, lambda level: mapping(level).get("code"), "code")
    passing = [mapping(level).get("passing") for level in levels]
    if not all(isinstance(one, bool) for one in passing) or not passing:
        return
    if True not in passing:
        yield Finding(path, msg("no level passes: mark at least one with `passing: true`"))
    elif False not in passing:
        yield Finding(path, msg("every level passes: add a level below the bar with `passing: false`"))
    for position in range(1, len(passing)):
        if passing[position - 1] and not passing[position]:
            yield Finding(
                (*path, position, "passing"),
                msg("levels are listed lowest first, so a level above one that passes must pass too"),
            )


def _credits(source: Mapping[str, Any]) -> Iterator[Finding]:
    credits = mapping(source.get("credits"))
    ects, hours, per = (
        text(credits, "ects"),
        number(credits, "workload_hours"),
        number(credits, "hours_per_ects"),
    )
    if ects is None or hours is None or per is None:
        return
    try:
        workload = Decimal(ects) * per
    except InvalidOperation:
        return
    if workload != hours:
        yield Finding(
            ("credits", "ects"),
            msg(
                "%(ects)s credits of %(per)d hours are %(workload)s hours, but workload_hours is %(hours)d: "
                "mend one of them",
                ects=ects,
                per=per,
                workload=f"{workload.normalize():f}",
                hours=hours,
            ),
        )


def _modules(source: Mapping[str, Any]) -> Iterator[Finding]:
    modules = items(source, "modules")
    path: Path = ("modules",)
    twice = list(unique(path, modules, lambda module: mapping(module).get("code"), "code"))
    yield from twice
    if not twice:  # with one taken out, the numbers may fit
        yield from _numbers(path, modules)
    seen: dict[str, str] = {}
    for position, raw in enumerate(modules):
        yield from _module((*path, position), mapping(raw), source, seen)


def _numbers(path: Path, modules: Sequence[Any]) -> Iterator[Finding]:
    """One finding, at the first module whose number is not its place: those after it mostly follow from it."""
    given = [number(mapping(module), "number") for module in modules]
    wrong = [place for place, one in enumerate(given, 1) if one is not None and one != place]
    if not wrong:
        return
    values = {"place": wrong[0], "given": given[wrong[0] - 1]}
    yield Finding(
        (*path, wrong[0] - 1, "number"),
        nmsg(
            "this is module %(place)d of the list but its number is %(given)d: modules are numbered from 1 without gaps, "
            "in the order of the programme's list",
            "this is module %(place)d of the list but its number is %(given)d, and %(num)d in all do not fit: modules are "
            "numbered from 1 without gaps, in the order of the programme's list",
            len(wrong),
            **values,
        ),
    )


def _module(
    path: Path, module: Mapping[str, Any], source: Mapping[str, Any], seen: dict[str, str]
) -> Iterator[Finding]:
    yield from _plan(path, module, source)
    yield from _meetings(path, module)
    yield from _competencies(path, module, source, seen)
    trainers = items(module, "taught_by")
    if trainers and not any(mapping(trainer).get("lived_experience") is True for trainer in trainers):
        yield Finding(
            (*path, "taught_by"),
            msg(
                "at least one trainer of every module has lived experience: "
                "add one with `lived_experience: true`"
            ),
        )
    yield from unique(
        (*path, "handouts"), items(module, "handouts"), lambda item: mapping(item).get("code"), "code"
    )


def _plan(path: Path, module: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
    minutes = number(module, "minutes")
    plan = items(module, "plan")
    parts = [number(mapping(activity), "minutes") for activity in plan]
    if minutes is not None and plan and None not in parts:
        total = sum(part for part in parts if part is not None)
        if total != minutes:
            difference = abs(minutes - total)
            values = {"total": total, "minutes": minutes}
            if total < minutes:
                said = nmsg(
                    "the activities add up to %(total)d minutes, but the module has %(minutes)d: "
                    "%(num)d minute is missing",
                    "the activities add up to %(total)d minutes, but the module has %(minutes)d: "
                    "%(num)d minutes are missing",
                    difference,
                    **values,
                )
            else:
                said = nmsg(
                    "the activities add up to %(total)d minutes, but the module has %(minutes)d: "
                    "%(num)d minute is too many",
                    "the activities add up to %(total)d minutes, but the module has %(minutes)d: "
                    "%(num)d minutes are too many",
                    difference,
                    **values,
                )
            yield Finding((*path, "plan"), said)
    methods = mapping(source.get("methods"))
    for position, activity in enumerate(plan):
        method = text(mapping(activity), "method")
        if method is not None and "methods" not in source:
            yield Finding(
                (*path, "plan", position, "method"),
                msg("the programme lists no methods: add `%(method)s` under `methods`", method=method),
                about=("methods",),
                of="all",
            )
        elif method is not None and methods and method not in methods:
            yield Finding(
                (*path, "plan", position, "method"),
                msg(
                    "no such method: `%(method)s`: add it under `methods`, or name another (%(known)s)",
                    method=method,
                    known=one_of(method, list(methods)),
                ),
                about=("methods", "*"),
                of=method,
            )


def _meetings(path: Path, module: Mapping[str, Any]) -> Iterator[Finding]:
    minutes, parts = number(module, "minutes"), items(module, "sessions")
    whole = [part for part in parts if isinstance(part, int) and not isinstance(part, bool)]
    if minutes is not None and parts and len(whole) == len(parts) and sum(whole) != minutes:
        yield Finding(
            (*path, "sessions"),
            msg(
                "the sessions add up to %(total)d minutes, but the module has %(minutes)d: mend one of them",
                total=sum(whole),
                minutes=minutes,
            ),
            about=(*path, "sessions", "*"),
        )


def _competencies(
    path: Path, module: Mapping[str, Any], source: Mapping[str, Any], seen: dict[str, str]
) -> Iterator[Finding]:
    levels = [text(mapping(level), "code") for level in items(mapping(source.get("scale")), "levels")]
    known_levels = [level for level in levels if level is not None]
    for position, raw in enumerate(items(module, "competencies")):
        competency, here = mapping(raw), (*path, "competencies", position)
        code = text(competency, "code")
        if code is not None:
            if code in seen and seen[code] != module.get("code"):
                yield Finding(
                    (*here, "code"),
                    msg(
                        "the code `%(code)s` is already taken by %(other)s: choose another",
                        code=code,
                        other=seen[code],
                    ),
                    of=TWICE,
                )
            seen.setdefault(code, str(module.get("code")))
        descriptors = competency.get("descriptors")
        if isinstance(descriptors, Mapping) and known_levels:
            for level in known_levels:
                if level not in descriptors:
                    yield Finding(
                        (*here, "descriptors"),
                        msg("the level `%(level)s` has no descriptor: say what it looks like", level=level),
                        about=LEVELS,
                        of=level,
                    )
            for level in descriptors:
                if level not in known_levels:
                    yield Finding(
                        (*here, "descriptors", level),
                        msg(
                            "the scale has no level `%(level)s`: add it, or name another (%(known)s)",
                            level=level,
                            known=one_of(level, known_levels),
                        ),
                        about=LEVELS,
                        of=level,
                    )
        for name in ("principles", "chime"):
            known = mapping(source.get(name))
            for place, value in enumerate(items(competency, name)):
                if isinstance(value, str) and value not in known:
                    yield Finding(
                        (*here, name, place),
                        msg(
                            "`%(value)s` is not under `%(name)s` in the programme: add it there, or name another (%(known)s)",
                            value=value,
                            name=name,
                            known=one_of(value, list(known)),
                        ),
                        about=(name, "*"),
                        of=value,
                    )
