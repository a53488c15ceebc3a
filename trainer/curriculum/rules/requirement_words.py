"""Requirements said in words, for the page of a programme. Texts; the page translates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.rules.numbers import exact_fraction, percent_text
from trainer.curriculum.rules.programme import Programme
from trainer.curriculum.rules.specs import DecisionSpec, PortfolioPart, TestSpec

Rule = Mapping[str, Any]

KINDS = {
    "direct": msg("direct support"),
    "team": msg("team meetings"),
    "supervision": msg("supervision"),
    "reflection": msg("reflection"),
    "training": msg("training"),
}


def requirement_words(programme: Programme, requirement: Rule) -> Text:
    """One requirement as a sentence. A kind that this version does not know is named as it is written."""
    kind = requirement["kind"]
    say = _WORDS.get(kind)
    return say(programme, requirement) if say else msg("Meet the requirement “%(kind)s”.", kind=kind)


def listed(values: Iterable[Any]) -> Any:
    """Titles, texts or words one after another, with commas."""
    said: Any = None
    for value in values:
        said = value if said is None else msg("%(first)s, %(second)s", first=said, second=value)
    return said if said is not None else ""


def titled(values: Iterable[Any]) -> Any:
    """Titles, which may have commas in them, one after another."""
    said: Any = None
    for value in values:
        said = value if said is None else msg("%(first)s; %(second)s", first=said, second=value)
    return said if said is not None else ""


def span_words(span: Mapping[str, int]) -> Text:
    """A length of calendar time: “6 months”."""
    if "years" in span:
        return nmsg("%(num)d year", "%(num)d years", span["years"])
    if "months" in span:
        return nmsg("%(num)d month", "%(num)d months", span["months"])
    return nmsg("%(num)d week", "%(num)d weeks", span["weeks"])


def module_titles(programme: Programme, codes: Sequence[str]) -> Any:
    """Modules by number and title, with commas."""
    return titled(
        msg("%(number)d “%(title)s”", number=module.number, title=module.title)
        for module in programme.modules
        if module.code in codes
    )


def _share(text: str) -> str:
    return percent_text(exact_fraction(text))


def _attendance(programme: Programme, rule: Rule) -> Text:
    share = _share(rule["at_least"])
    sessions = programme.attendance["base"] == "sessions"
    if rule.get("modules"):
        modules = module_titles(programme, rule["modules"])
        if sessions:
            return msg(
                "Attend at least %(share)s of the sessions of these modules: %(modules)s.",
                share=share,
                modules=modules,
            )
        return msg(
            "Attend at least %(share)s of the hours of these modules: %(modules)s.",
            share=share,
            modules=modules,
        )
    if sessions:
        return msg("Attend at least %(share)s of the sessions.", share=share)
    return msg("Attend at least %(share)s of the hours.", share=share)


def _max_absences(programme: Programme, rule: Rule) -> Text:
    limit = rule["at_most"]
    if "share" in limit:
        said = (
            msg("Miss at most %(share)s of the sessions.", share=_share(limit["share"]))
            if programme.attendance["base"] == "sessions"
            else msg("Miss at most %(share)s of the hours.", share=_share(limit["share"]))
        )
    elif "hours" in limit:
        said = nmsg("Miss at most one hour.", "Miss at most %(num)d hours.", limit["hours"])
    else:
        said = (
            nmsg("Miss at most one session.", "Miss at most %(num)d sessions.", limit["sessions"])
            if limit["sessions"]
            else msg("Miss no session.")
        )
        if rule.get("below"):
            said = msg(
                "%(said)s A session counts as missed under %(share)s of it.",
                said=said,
                share=_share(rule["below"]),
            )
    if rule.get("modules"):
        return msg(
            "%(said)s It is about these modules: %(modules)s.",
            said=said,
            modules=module_titles(programme, rule["modules"]),
        )
    return said


def _unmissable(programme: Programme, rule: Rule) -> Text:
    said = (
        msg("Miss none of these modules: %(modules)s.", modules=module_titles(programme, rule["modules"]))
        if rule.get("modules")
        else msg("Miss none of these sessions: %(numbers)s.", numbers=listed(map(str, rule["sessions"])))
    )
    if rule.get("at_least"):
        said = msg("%(said)s Each asks for at least %(share)s.", said=said, share=_share(rule["at_least"]))
    if rule.get("make_up", True) is False:
        said = msg("%(said)s They cannot be made up.", said=said)
    return said


def _competencies(programme: Programme, rule: Rule) -> Text:
    level = programme.scale.level(rule["level"]).title
    which = rule.get("which", "all")
    there = len(programme.competency_codes) if which == "all" else len(which)
    wanted = rule.get("at_least", there)
    titles = titled(one.title for one in programme.competencies if which == "all" or one.code in which)
    if wanted < there:
        return nmsg(
            "Reach the level “%(level)s” in one of these: %(titles)s.",
            "Reach the level “%(level)s” in at least %(num)d of these: %(titles)s.",
            wanted,
            level=level,
            titles=titles,
        )
    if which == "all":
        return msg("Reach the level “%(level)s” in every competency.", level=level)
    return msg("Reach the level “%(level)s” in: %(titles)s.", level=level, titles=titles)


def _placement_hours(programme: Programme, rule: Rule) -> Text:
    said = nmsg(
        "Complete %(num)d hour of work practice.",
        "Complete %(num)d hours of work practice.",
        rule["hours"],
    )
    if rule.get("placement"):
        said = nmsg(
            "Complete %(num)d hour of work practice in placement %(which)d.",
            "Complete %(num)d hours of work practice in placement %(which)d.",
            rule["hours"],
            which=rule["placement"],
        )
    if rule.get("kinds"):
        said = msg(
            "%(said)s What counts: %(kinds)s.", said=said, kinds=listed(KINDS[kind] for kind in rule["kinds"])
        )
    if rule.get("within"):
        said = msg(
            "%(said)s They are done within %(time)s of its first day.",
            said=said,
            time=span_words(rule["within"]),
        )
    return said


def _documents(programme: Programme, rule: Rule) -> Text:
    if rule.get("which", "all") == "all":
        return msg("Hand in every document.")
    return msg(
        "Hand in: %(titles)s.",
        titles=titled(one.title for one in programme.documents if one.code in rule["which"]),
    )


def _portfolio(programme: Programme, rule: Rule) -> Text:
    if rule.get("which", "all") == "all":
        return msg("Complete every part of the portfolio.")
    return msg(
        "Complete these parts of the portfolio: %(titles)s.",
        titles=titled(one.title for one in programme.portfolio if one.code in rule["which"]),
    )


def _test(programme: Programme, rule: Rule) -> Text:
    test = next(one for one in programme.tests if one.code == rule["test"])
    said = msg(
        "Reach at least %(share)s of the points in “%(title)s”.",
        share=_share(rule["at_least"]),
        title=test.title,
    )
    if test.attempts:
        return nmsg(
            "%(said)s It can be taken once.",
            "%(said)s It can be taken %(num)d times.",
            test.attempts,
            said=said,
        )
    return said


ROLES = {
    "organiser": msg("the organiser"),
    "trainer": msg("the training team"),
    "assessor": msg("an assessor"),
    "registrar": msg("the university"),
}


def _decision(programme: Programme, rule: Rule) -> Text:
    decision = next(one for one in programme.decisions if one.code == rule["decision"])
    return msg(
        "“%(title)s”, decided by %(who)s: %(question)s",
        title=decision.title,
        who=ROLES[decision.by],
        question=decision.question,
    )


def _order(programme: Programme, rule: Rule) -> Text:
    return msg(
        "In this order, each begun after the one before: %(steps)s.",
        steps=titled(_step(programme, step) for step in rule["steps"]),
    )


def _step(programme: Programme, step: Rule) -> Any:
    if "module" in step:
        return msg("module %(number)d", number=programme.module(step["module"]).number)
    if "placement" in step:
        return msg("placement %(number)d", number=step["placement"])
    things: dict[str, Sequence[TestSpec | PortfolioPart | DecisionSpec]] = {
        "test": programme.tests,
        "portfolio": programme.portfolio,
        "decision": programme.decisions,
    }
    (name,) = step
    return next(one.title for one in things[name] if one.code == step[name])


def _gate(programme: Programme, rule: Rule) -> Text:
    return msg("Have met “%(gate)s”.", gate=programme.gates[rule["gate"]].title)


_WORDS: dict[str, Callable[[Programme, Rule], Text]] = {
    "attendance": _attendance,
    "max_absences": _max_absences,
    "unmissable": _unmissable,
    "competencies": _competencies,
    "placement_hours": _placement_hours,
    "documents": _documents,
    "portfolio": _portfolio,
    "test": _test,
    "decision": _decision,
    "order": _order,
    "gate": _gate,
}
