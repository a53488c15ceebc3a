"""The gates and rules of a programme said in words, for its page. Texts; the page translates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trainer.core.text import Text, msg, nmsg
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
