"""The gates and rules of a programme said in words, for its page. Texts; the page translates."""

from __future__ import annotations

from collections.abc import Mapping

from trainer.core.text import Text, minutes_text, msg, nmsg
from trainer.curriculum.rules.modules import Localised
from trainer.curriculum.rules.programme import GateSpec, Programme
from trainer.curriculum.rules.requirement_words import (
    KINDS,
    listed,
    module_titles,
    requirement_words,
    span_words,
)

__all__ = [
    "KINDS",
    "assessor_words",
    "attendance_words",
    "certificate_words",
    "gate_words",
    "placement_words",
    "requirement_words",
    "rule_words",
    "things_words",
]


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
        if wording.remind_days:
            said.append(
                msg(
                    "Its holder is reminded %(days)s days before it ends.",
                    days=listed(map(str, wording.remind_days)),
                )
            )
        if wording.attests_attendance and wording.unless in programme.certificates:
            said.append(
                msg("It is not given beside “%(other)s”.", other=programme.certificates[wording.unless].title)
            )
        if wording.renewal:
            said.append(msg("To renew it: %(what)s", what=wording.renewal))
    return said


def attendance_words(programme: Programme) -> list[Text]:
    """How attendance is counted, a sentence a rule."""
    rule = programme.attendance
    if not {"attendance", "max_absences", "unmissable"} & asked_kinds(programme):
        return [msg("Attendance is written down, and no step asks for it."), *_make_up_words(programme)]
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
    if rule["excused"]["counts_as"] != "absent" and (cap := rule["excused"]["cap"]):
        said.append(_cap_words(cap))
    if rule["late_joiners"] == "from_joining":
        said.append(msg("Who joins late is counted from that day."))
    else:
        said.append(msg("Who joins late keeps the full base."))
    if rule["pauses"] == "excluded":
        said.append(msg("Sessions during a pause leave the base."))
    else:
        said.append(msg("A pause keeps the full base."))
    if "notice" in rule:
        said.append(
            nmsg(
                "Announce an absence an hour before, if you can; later is fine too.",
                "Announce an absence %(num)d hours before, if you can; later is fine too.",
                rule["notice"]["hours"],
            )
        )
    return said + _make_up_words(programme)


def _cap_words(cap: Mapping[str, int]) -> Text:
    """How much of excused absence is treated so."""
    if "sessions" in cap:
        return nmsg(
            "That holds for one session at most; what is beyond it counts like any other absence.",
            "That holds for %(num)d sessions at most; what is beyond them counts like any other absence.",
            cap["sessions"],
        )
    minutes = cap["minutes"] if "minutes" in cap else cap["hours"] * 60
    return msg(
        "That holds for %(time)s at most; what is beyond it counts like any other absence.",
        time=minutes_text(minutes),
    )


def asked_kinds(programme: Programme) -> set[str]:
    """The kinds of requirement that the programme's gates have."""
    return {requirement["kind"] for gate in programme.gates.values() for requirement in gate.requirements}


def _make_up_words(programme: Programme) -> list[Text]:
    rule = programme.attendance.get("make_ups")
    if rule is None:
        return []
    ways = {
        "session": msg("another session of the same module"),
        "other_course": msg("another course or venue"),
        "task": msg("agreed work"),
    }
    said = [
        msg(
            "What was missed can be made up, as agreed: %(ways)s.",
            ways=listed(ways[way] for way in rule["ways"]),
        )
    ]
    if "within" in rule:
        said.append(msg("It is made up within %(time)s.", time=span_words(rule["within"])))
    if limit := rule.get("at_most"):
        said.append(
            nmsg("One session can be made up.", "At most %(num)d sessions can be made up.", limit["sessions"])
            if "sessions" in limit
            else nmsg("One hour can be made up.", "At most %(num)d hours can be made up.", limit["hours"])
        )
    if rule.get("not_for"):
        said.append(
            msg(
                "These modules cannot be made up: %(modules)s.",
                modules=module_titles(programme, rule["not_for"]),
            )
        )
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


def rule_words(programme: Programme) -> list[Text]:
    """Which assessors there have to be, and what someone can ask for: another look, prior learning. A sentence a rule."""
    said: list[Text] = []
    assessors = {
        "assessor": msg("assessors"),
        "peer_assessor": msg("assessors with lived experience"),
        "reference_professional": msg("reference professionals"),
    }
    if programme.scale.assessors.kinds:
        said.append(
            msg(
                "Among them, at least: %(kinds)s.",
                kinds=listed(
                    msg("%(number)d × %(kind)s", number=number, kind=assessors[kind])
                    for kind, number in sorted(programme.scale.assessors.kinds.items())
                ),
            )
        )
    if programme.appeals:
        said.append(
            nmsg(
                "Within %(num)d day of an assessment you can ask for another assessor; the answer comes within "
                "%(answer)d days.",
                "Within %(num)d days of an assessment you can ask for another assessor; the answer comes within "
                "%(answer)d days.",
                programme.appeals["within_days"],
                answer=programme.appeals["answer_days"],
            )
        )
    if programme.prior_learning is not None:
        said.append(msg("What was learnt before can be recognised, with evidence."))
        kinds = {
            "training": msg("training"),
            "work": msg("work"),
            "volunteering": msg("volunteering"),
            "lived_experience": msg("lived experience"),
        }
        if programme.prior_learning.get("kinds"):
            found = listed(kinds[kind] for kind in programme.prior_learning["kinds"])
            said.append(msg("It can come from: %(kinds)s.", kinds=found))
        if most := programme.prior_learning.get("at_most"):
            said.append(
                nmsg("One competency can be claimed.", "At most %(num)d competencies can be claimed.", most)
            )
    return said


def things_words(
    programme: Programme,
) -> list[tuple[Text, list[tuple[Localised, Localised | None, Text | None]]]]:
    """What is handed in, sat and decided: for each list its heading, and title, words and rule of each thing."""
    good = {
        one.code: msg("Good for %(time)s.", time=span_words(one.valid_for))
        for one in programme.documents
        if one.valid_for
    }
    lists: list[tuple[Text, list[tuple[Localised, Localised | None, Text | None]]]] = [
        (msg("Documents"), [(one.title, one.what, good.get(one.code)) for one in programme.documents]),
        (msg("Portfolio"), [(one.title, one.what, None) for one in programme.portfolio]),
        (
            msg("Tests"),
            [(one.title, None, nmsg("One point.", "%(num)d points.", one.out_of)) for one in programme.tests],
        ),
    ]
    return [(heading, things) for heading, things in lists if things]


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
    ]
    if set(rule["counting_kinds"]) != set(KINDS):
        kinds = listed(words for kind, words in KINDS.items() if kind in rule["counting_kinds"])
        said.append(msg("Hours that count: %(kinds)s.", kinds=kinds))
    if rule["follow_up_minutes"]:
        said.append(msg("A weekly follow-up of %(time)s.", time=minutes_text(rule["follow_up_minutes"])))
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
