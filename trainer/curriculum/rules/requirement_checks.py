"""Requirements: what they name exists, what they ask for can be done, shares lie in their range."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from trainer.core.text import Text, msg
from trainer.curriculum.rules.numbers import exact_fraction
from trainer.curriculum.rules.parts import Finding, Path, items, mapping, number, one_of, text

Checker = Callable[[Path, Mapping[str, Any], Mapping[str, Any]], Iterator[Finding]]

COMPETENCIES: Path = ("modules", "*", "competencies", "*", "code")
LEVELS: Path = ("scale", "levels", "*", "code")

# What a requirement names, by the key under which the programme lists it: no such thing, and what to do.
THINGS: Mapping[str, Text] = {
    "modules": msg("a module"),
    "documents": msg("a document"),
    "portfolio": msg("a part of the portfolio"),
    "tests": msg("a test"),
    "decisions": msg("a decision"),
}


def check_requirement(
    path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]
) -> Iterator[Finding]:
    """Everything that is wrong with the meaning of one requirement, but for the kind `gate`."""
    kind = text(requirement, "kind")
    if kind in _CHECKS:
        yield from _CHECKS[kind](path, requirement, source)


def codes(source: Mapping[str, Any], key: str) -> list[str]:
    """The codes of the things listed under `key`."""
    return [code for one in map(mapping, items(source, key)) if (code := text(one, "code")) is not None]


def named(path: Path, code: str, source: Mapping[str, Any], key: str) -> Iterator[Finding]:
    """A finding when nothing under `key` of the programme is called `code`."""
    known = codes(source, key)
    if code not in known:
        yield Finding(
            path,
            msg(
                "`%(code)s` is not the code of %(thing)s: add it under `%(key)s`, or name another (%(known)s)",
                code=code,
                thing=THINGS[key],
                key=key,
                known=one_of(code, known),
            ),
            about=(key, "*", "code"),
            of=code,
        )


def meetings(source: Mapping[str, Any]) -> int:
    """How many meetings the programme's modules have."""
    return sum(len(items(module, "sessions")) or 1 for module in map(mapping, items(source, "modules")))


def share_of(value: Any) -> Fraction | None:
    """The share that was written, None where the schema has already said that there is none."""
    try:
        return exact_fraction(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _at_least(path: Path, requirement: Mapping[str, Any], key: str = "at_least") -> Iterator[Finding]:
    share = share_of(requirement.get(key))
    if share is not None and not 0 < share <= 1:
        yield Finding(
            (*path, key),
            msg('write a share above nothing and at most the whole, such as "80 %(sign)s"', sign="%"),
        )


def _listed(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
    for position, code in enumerate(items(requirement, "modules")):
        if isinstance(code, str):
            yield from named((*path, "modules", position), code, source, "modules")


def _attendance(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _at_least(path, requirement)
    yield from _listed(path, requirement, source)


def _max_absences(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
    limit = mapping(requirement.get("at_most"))
    share = share_of(limit.get("share"))
    if share is not None and not 0 <= share < 1:
        yield Finding(
            (*path, "at_most", "share"),
            msg('less than the whole may be missed: write a share such as "10 %(sign)s"', sign="%"),
        )
    yield from _at_least(path, requirement, "below")
    if "below" in requirement and limit and "sessions" not in limit:
        yield Finding(
            (*path, "below"),
            msg("says when a whole session counts as missed: use it with `at_most: {sessions: …}`"),
        )
    allowed = number(limit, "sessions")
    if allowed is not None and allowed >= meetings(source) > 0 and "modules" not in requirement:
        yield Finding(
            (*path, "at_most", "sessions"),
            msg(
                "the programme has %(all)d sessions: all of them may be missed, so this asks for nothing",
                all=meetings(source),
            ),
        )
    yield from _listed(path, requirement, source)


def _unmissable(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
    if "modules" not in requirement and "sessions" not in requirement:
        yield Finding((*path, "modules"), msg("name the `modules`, or the `sessions`, that nobody may miss"))
    if "modules" in requirement and "sessions" in requirement:
        yield Finding((*path, "sessions"), msg("`modules` are named already: keep one of the two"))
    yield from _listed(path, requirement, source)
    last = meetings(source)
    for position, given in enumerate(items(requirement, "sessions")):
        if isinstance(given, int) and not isinstance(given, bool) and given > last:
            yield Finding(
                (*path, "sessions", position),
                msg("the modules are taught in %(last)d sessions: there is no number above that", last=last),
                about=("modules", "*", "sessions", "*"),
                of="sessions",
            )
    yield from _at_least(path, requirement)
    if requirement.get("make_up") is True and "make_ups" not in mapping(source.get("attendance")):
        yield Finding(
            (*path, "make_up"),
            msg("the programme has no make-ups: say how under `attendance.make_ups`, or remove this"),
            about=("attendance", "make_ups"),
        )


def _competencies(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
    levels = {
        level["code"]: level.get("passing")
        for level in map(mapping, items(mapping(source.get("scale")), "levels"))
        if isinstance(level.get("code"), str)
    }
    level = text(requirement, "level")
    if level is not None and levels and level not in levels:
        yield Finding(
            (*path, "level"),
            msg(
                "the scale has no level `%(level)s`: add it, or name another (%(known)s)",
                level=level,
                known=one_of(level, list(levels)),
            ),
            about=LEVELS,
            of=level,
        )
    elif level is not None and levels.get(level) is False:
        yield Finding(
            (*path, "level"),
            msg("the level `%(level)s` does not pass: ask for one with `passing: true`", level=level),
        )
    known = [
        code for module in map(mapping, items(source, "modules")) for code in codes(module, "competencies")
    ]
    if not known:
        yield Finding(
            path,
            msg("asks for competencies, but no module has any: describe them in the modules, or remove this"),
            about=COMPETENCIES,
            of="all",
        )
        return
    which = items(requirement, "which")
    for position, code in enumerate(which):
        if isinstance(code, str) and code not in known:
            yield Finding(
                (*path, "which", position),
                msg(
                    "no module has the competency `%(code)s`: describe it in one, or name another (%(known)s)",
                    code=code,
                    known=one_of(code, known),
                ),
                about=COMPETENCIES,
                of=code,
            )
    wanted, there = number(requirement, "at_least"), len(which) or len(known)
    if wanted is not None and wanted > there:
        yield Finding(
            (*path, "at_least"),
            msg("asks for %(wanted)d of %(there)d: at most that many", wanted=wanted, there=there),
        )


def _placement_hours(
    path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]
) -> Iterator[Finding]:
    if "placement" not in source:
        yield Finding(
            path,
            msg(
                "asks for placement hours, but the programme has no `placement`: describe it, or remove this"
            ),
            about=("placement",),
            of="placement",
        )
    if "within" in requirement and "placement" not in requirement:
        yield Finding(
            (*path, "within"), msg("say from which placement's first day: add `placement: 1`, for the first")
        )


def _which(key: str) -> Checker:
    def check(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
        for position, code in enumerate(items(requirement, "which")):
            if isinstance(code, str):
                yield from named((*path, "which", position), code, source, key)
        if requirement.get("which") == "all" and not codes(source, key):
            yield Finding(
                (*path, "which"),
                msg("asks for all, but there are none: list them under `%(key)s`, or remove this", key=key),
                about=(key,),
                of="all",
            )

    return check


def _one(name: str, key: str) -> Checker:
    def check(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
        code = text(requirement, name)
        if code is not None:
            yield from named((*path, name), code, source, key)
        yield from _at_least(path, requirement)

    return check


def _order(path: Path, requirement: Mapping[str, Any], source: Mapping[str, Any]) -> Iterator[Finding]:
    steps = items(requirement, "steps")
    if len(steps) == 1:
        yield Finding((*path, "steps"), msg("one step has no order: name what comes after it, or remove it"))
    seen: list[Mapping[str, Any]] = []
    keys = {"module": "modules", "test": "tests", "portfolio": "portfolio", "decision": "decisions"}
    for position, step in enumerate(map(mapping, steps)):
        here = (*path, "steps", position)
        if step and step in seen:
            yield Finding(here, msg("is step %(place)d already: each comes once", place=seen.index(step) + 1))
        seen.append(step)
        for name, key in keys.items():
            code = text(step, name)
            if code is not None:
                yield from named((*here, name), code, source, key)
        if "placement" in step and "placement" not in source:
            yield Finding(
                (*here, "placement"),
                msg("the programme has no `placement`: describe it, or remove the step"),
                about=("placement",),
                of="placement",
            )
    yield from _rising(path, steps)


def _rising(path: Path, steps: Sequence[Any]) -> Iterator[Finding]:
    """Placements are counted by their first day, so the second cannot come before the first."""
    highest = 0
    for position, step in enumerate(map(mapping, steps)):
        given = number(step, "placement")
        if given is not None and given < highest:
            yield Finding(
                (*path, "steps", position, "placement"),
                msg(
                    "placements are counted by their first day: %(given)d comes before %(other)d",
                    given=given,
                    other=highest,
                ),
            )
        highest = max(highest, given or 0)


_CHECKS: dict[str, Checker] = {
    "attendance": _attendance,
    "max_absences": _max_absences,
    "unmissable": _unmissable,
    "competencies": _competencies,
    "placement_hours": _placement_hours,
    "documents": _which("documents"),
    "portfolio": _which("portfolio"),
    "test": _one("test", "tests"),
    "decision": _one("decision", "decisions"),
    "order": _order,
}
