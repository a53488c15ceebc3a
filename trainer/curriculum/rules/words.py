"""The gates and rules of a programme said in words, for its page. Texts; the page translates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.core.text import Text, minutes_text, msg, nmsg
from trainer.curriculum.rules.numbers import exact_fraction, percent_text
from trainer.curriculum.rules.programme import GateSpec, Programme


def requirement_words(programme: Programme, requirement: Mapping[str, Any]) -> Text:
    """One requirement as a sentence. A kind that this version does not know is named as it is written."""
    kind = requirement["kind"]
    if kind == "attendance":
        share = percent_text(exact_fraction(requirement["at_least"]))
        if programme.attendance["base"] == "sessions":
            return msg("Attend at least %(share)s of the sessions.", share=share)
        return msg("Attend at least %(share)s of the hours.", share=share)
    if kind == "competencies":
        level = programme.scale.level(requirement["level"]).title
        which = requirement.get("which", "all")
        if which == "all":
            return msg("Reach the level “%(level)s” in every competency.", level=level)
        return nmsg(
            "Reach the level “%(level)s” in one named competency.",
            "Reach the level “%(level)s” in %(num)d named competencies.",
            len(which),
            level=level,
        )
    if kind == "placement_hours":
        return nmsg(
            "Complete %(num)d hour of work practice.",
            "Complete %(num)d hours of work practice.",
            requirement["hours"],
        )
    if kind == "gate":
        return msg("Have met “%(gate)s”.", gate=programme.gates[requirement["gate"]].title)
    return msg("Meet the requirement “%(kind)s”.", kind=kind)


def gate_words(programme: Programme, gate: GateSpec) -> Text:
    """What meeting the gate leads to."""
    if gate.opens == "placement":
        return msg("Opens the work practice.")
    if gate.issues is not None and gate.issues in programme.certificates:
        return msg("Leads to the “%(title)s”.", title=programme.certificates[gate.issues].title)
    return msg("A step on the way.")


def certificate_words(programme: Programme) -> list[Text]:
    """How long certificates are good where they end, and what attests attendance alone; a sentence each."""
    said = []
    for kind in programme.kinds:
        wording = programme.certificates.get(kind)
        if wording is None:
            continue
        if wording.attests_attendance:
            said.append(
                msg("“%(title)s” attests attendance, for who is not accredited.", title=wording.title)
            )
        if wording.valid_for and (years := wording.valid_for.get("years")):
            said.append(
                nmsg(
                    "“%(title)s” is good for a year.",
                    "“%(title)s” is good for %(num)d years.",
                    years,
                    title=wording.title,
                )
            )
        elif wording.valid_for:
            said.append(
                nmsg(
                    "“%(title)s” is good for a month.",
                    "“%(title)s” is good for %(num)d months.",
                    wording.valid_for["months"],
                    title=wording.title,
                )
            )
        if wording.renewal:
            said.append(msg("To renew it: %(what)s", what=wording.renewal))
    return said


KINDS = {
    "direct": msg("direct support"),
    "team": msg("team meetings"),
    "supervision": msg("supervision"),
    "reflection": msg("reflection"),
    "training": msg("training"),
}


def attendance_words(programme: Programme) -> list[Text]:
    """How attendance is counted, a sentence a rule."""
    rule = programme.attendance
    said = [
        msg("Attendance is counted in sessions.")
        if rule["base"] == "sessions"
        else msg("Attendance is counted in hours, to the minute.")
    ]
    said.append(
        {
            "absent": msg("An excused absence counts like any other."),
            "excluded": msg("An excused absence leaves the base."),
            "credited": msg("An excused absence counts as attended."),
        }[rule["excused"]["counts_as"]]
    )
    if rule["late_joiners"] == "from_joining":
        said.append(msg("Who joins late is counted from that day."))
    else:
        said.append(msg("Who joins late keeps the full base."))
    if rule["pauses"] == "excluded":
        said.append(msg("Sessions during a pause leave the base."))
    else:
        said.append(msg("A pause keeps the full base."))
    return said


def assessor_words(programme: Programme) -> Text:
    """Who has to assess a competency, and whose assessment decides."""
    rule = programme.scale.assessors
    decides = {
        "latest": msg("the latest assessment decides"),
        "all": msg("all have to agree"),
        "any": msg("any of them is enough"),
        "assessor": msg("the assessor decides"),
        "peer_assessor": msg("the assessor with lived experience decides"),
        "reference_professional": msg("the reference professional decides"),
    }[rule.decides]
    return nmsg(
        "%(num)d assessor for each competency; %(decides)s. A self-assessment never decides.",
        "%(num)d assessors for each competency; %(decides)s. A self-assessment never decides.",
        rule.required,
        decides=decides,
    )


def placement_words(programme: Programme) -> list[Text]:
    """The work practice, a sentence a rule; empty when the programme has none."""
    rule = programme.placement
    if rule is None:
        return []
    said = [
        msg(
            "%(weeks)d weeks at an average of %(hours)d hours a week; %(required)d hours complete it.",
            weeks=rule["weeks"],
            hours=rule["weekly_hours"],
            required=rule["required_hours"],
        ),
        msg("A weekly follow-up of %(time)s.", time=minutes_text(rule["follow_up_minutes"])),
    ]
    if rule["immersion_weeks"]:
        said.append(
            nmsg(
                "The first week is accompanied throughout.",
                "The first %(num)d weeks are accompanied throughout.",
                rule["immersion_weeks"],
            )
        )
    if rule["review_every_weeks"]:
        said.append(nmsg("A review every week.", "A review every %(num)d weeks.", rule["review_every_weeks"]))
    return said
