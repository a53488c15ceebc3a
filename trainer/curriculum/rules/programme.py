"""The programme as frozen values, built from canonical content (see canonical.py). Minutes are whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trainer.curriculum.rules.certificates import ATTENDANCE, fill

Localised = dict[str, str]


@dataclass(frozen=True)
class Level:
    """One level of the scale; `passing` levels meet a requirement that asks for the bar."""

    code: str
    title: Localised
    passing: bool


@dataclass(frozen=True)
class AssessorRule:
    """How many assessors a competency needs, and whose assessment decides.

    `decides`: latest, all, any, or the kind of assessor that decides (assessor, peer_assessor,
    reference_professional). A self-assessment never counts.
    """

    required: int = 1
    decides: str = "latest"


@dataclass(frozen=True)
class Scale:
    """The levels, lowest first."""

    levels: tuple[Level, ...]
    assessors: AssessorRule = AssessorRule()

    @property
    def codes(self) -> tuple[str, ...]:
        """Level codes, lowest first."""
        return tuple(level.code for level in self.levels)

    def level(self, code: str) -> Level:
        """The level called `code`. Raises KeyError."""
        return self.levels[self.rank(code)]

    def rank(self, code: str) -> int:
        """0 for the lowest level. Raises KeyError for an unknown code."""
        for position, level in enumerate(self.levels):
            if level.code == code:
                return position
        raise KeyError(code)

    def reaches(self, code: str, wanted: str) -> bool:
        """True when level `code` is `wanted` or above it."""
        return self.rank(code) >= self.rank(wanted)


@dataclass(frozen=True)
class Competency:
    """What someone can do; `descriptors` says, for each level code, what that level looks like."""

    code: str
    title: Localised
    descriptors: dict[str, Localised]
    principles: tuple[str, ...] = ()
    chime: tuple[str, ...] = ()


@dataclass(frozen=True)
class Activity:
    """One piece of a module's plan."""

    minutes: int
    title: Localised
    method: str
    what: Localised
    materials: Localised | None = None


@dataclass(frozen=True)
class TaughtBy:
    """Who teaches, by role; never a name."""

    role: Localised
    lived_experience: bool


@dataclass(frozen=True)
class Reading:
    """A text to read; `open` when anybody may read it without paying."""

    title: str
    author: str
    year: int | None
    url: str | None
    languages: tuple[str, ...]
    open: bool
    why: Localised


@dataclass(frozen=True)
class Handout:
    """A sheet that is given out; `body` is light mark-up (see prose.py)."""

    code: str
    title: Localised
    body: Localised


@dataclass(frozen=True)
class Source:
    """Where a part of the programme comes from."""

    title: str
    author: str | None = None
    year: int | None = None
    url: str | None = None
    note: Localised | None = None


@dataclass(frozen=True)
class Module:
    """One module: what is taught in `minutes`, and what people can do afterwards."""

    number: int
    code: str
    title: Localised
    aim: Localised
    minutes: int
    outcomes: tuple[Localised, ...]
    competencies: tuple[Competency, ...]
    plan: tuple[Activity, ...]
    taught_by: tuple[TaughtBy, ...]
    co_written_by: tuple[Localised, ...]
    reading: tuple[Reading, ...] = ()
    handouts: tuple[Handout, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """Codes of the methods that the plan uses, in order of first use."""
        return tuple(dict.fromkeys(activity.method for activity in self.plan))

    def handout(self, code: str) -> Handout | None:
        """The handout called `code`, if there is one."""
        return next((handout for handout in self.handouts if handout.code == code), None)

    def timed_plan(self) -> list[tuple[int, Activity]]:
        """Each activity with the minute at which it begins, from 0."""
        begins = 0
        timed = []
        for activity in self.plan:
            timed.append((begins, activity))
            begins += activity.minutes
        return timed


@dataclass(frozen=True)
class GateSpec:
    """A named set of requirements. `opens`: what it opens; `issues`: the kind of certificate it leads to."""

    name: str
    title: Localised
    requirements: tuple[dict[str, Any], ...]
    opens: str | None = None
    issues: str | None = None


@dataclass(frozen=True)
class CreditSpec:
    """The elements of the EU recommendation on micro-credentials (2022/C 243/02) that the programme knows.

    country: ISO 3166 code of the awarding body. hours: notional workload. ects: exact decimal as text, None
    where attendance alone is attested, which gives no credits.
    """

    country: str
    hours: int
    eqf_level: int | None
    assessment: Localised
    participation: Localised
    quality_assurance: Localised
    ects: str | None = None


@dataclass(frozen=True)
class CertificateWording:
    """What the certificate of one kind says. `lines` carry places such as {name} (see certificates.py).

    attests: achievement, which a gate leads to, or attendance, for who is not accredited. unless: the kind of
    certificate that makes an attestation needless. valid_for: {"years": N} or {"months": N} from the day of
    issue; None for ever. remind_days: days before the last one, the most first. renewal: what one asks for.
    """

    kind: str
    title: Localised
    lines: tuple[Localised, ...]
    outcomes: tuple[Localised, ...]
    credential: CreditSpec
    attests: str = "achievement"
    unless: str | None = None
    valid_for: Mapping[str, int] | None = None
    remind_days: tuple[int, ...] = ()
    renewal: Localised | None = None

    @property
    def attests_attendance(self) -> bool:
        return self.attests == ATTENDANCE

    def lines_in(self, language: str, values: Mapping[str, str]) -> list[str]:
        """The lines in `language` (a key of the texts) with `values` filled in. Raises KeyError."""
        return [fill(line[language], values) for line in self.lines]


@dataclass(frozen=True)
class Programme:
    """One version of a programme. `content` is the canonical JSON value that `hash` stands for.

    `attendance`, `placement` and `credits` are the mappings of the source with every default written out.
    attendance: base, excused (counts_as, cap), late_joiners, pauses, note. placement: weeks, weekly_hours (an
    average over the period), required_hours, counting_kinds, follow_up_minutes, immersion_weeks,
    review_every_weeks, note. credits: workload_hours, hours_per_ects, ects (an exact decimal as text).
    """

    code: str
    version: str
    hash: str
    title: Localised
    summary: Localised
    languages: tuple[str, ...]
    unit_minutes: int
    credits: dict[str, Any] | None
    scale: Scale
    principles: dict[str, Localised]
    chime: dict[str, Localised]
    methods: dict[str, Localised]
    attendance: dict[str, Any]
    placement: dict[str, Any] | None
    gates: dict[str, GateSpec]
    certificates: dict[str, CertificateWording]
    modules: tuple[Module, ...]
    sources: tuple[Source, ...] = ()
    content: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def minutes(self) -> int:
        """Taught minutes of all modules."""
        return sum(module.minutes for module in self.modules)

    @cached_property
    def competencies(self) -> tuple[Competency, ...]:
        """Every competency, in order of module."""
        return tuple(competency for module in self.modules for competency in module.competencies)

    @cached_property
    def competency_codes(self) -> tuple[str, ...]:
        """Codes of every competency, in order of module."""
        return tuple(competency.code for competency in self.competencies)

    def competency(self, code: str) -> Competency:
        """The competency called `code`. Raises KeyError."""
        for competency in self.competencies:
            if competency.code == code:
                return competency
        raise KeyError(code)

    def module(self, code: str) -> Module:
        """The module called `code`. Raises KeyError."""
        for module in self.modules:
            if module.code == code:
                return module
        raise KeyError(code)

    def module_number(self, number: int) -> Module | None:
        """The module with that number, if there is one."""
        return next((module for module in self.modules if module.number == number), None)

    def gate_issuing(self, kind: str) -> GateSpec | None:
        """The gate that leads to a certificate of `kind`, if any."""
        return next((gate for gate in self.gates.values() if gate.issues == kind), None)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of certificate: those that gates issue, in their order; then the attestations, by name."""
        issued = [gate.issues for gate in self.gates.values() if gate.issues]
        attested = [kind for kind, wording in self.certificates.items() if wording.attests_attendance]
        return (*issued, *sorted(attested))

    def gate_opening(self, what: str) -> GateSpec | None:
        """The gate that opens `what` (placement), if any."""
        return next((gate for gate in self.gates.values() if gate.opens == what), None)

    def language_for(self, wanted: str) -> str:
        """`wanted` when the programme is written in it; else English, else the programme's first language."""
        if wanted in self.languages:
            return wanted
        return "en" if "en" in self.languages else self.languages[0]


def programme_from(content: Mapping[str, Any], hash: str) -> Programme:
    """The Programme of canonical content (see canonical.py), which was checked before."""
    scale = content["scale"]
    return Programme(
        code=content["code"],
        version=content["version"],
        hash=hash,
        title=content["title"],
        summary=content["summary"],
        languages=tuple(content["languages"]),
        unit_minutes=content["unit_minutes"],
        credits=content["credits"],
        scale=Scale(tuple(Level(**level) for level in scale["levels"]), AssessorRule(**scale["assessors"])),
        principles=content["principles"],
        chime=content["chime"],
        methods=content["methods"],
        attendance=content["attendance"],
        placement=content["placement"],
        gates={gate["name"]: GateSpec(**_tuples(gate, "requirements")) for gate in content["gates"]},
        certificates={kind: _wording(kind, wording) for kind, wording in content["certificates"].items()},
        modules=tuple(_module(module) for module in content["modules"]),
        sources=tuple(Source(**source) for source in content["sources"]),
        content=dict(content),
    )


def _tuples(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {key: tuple(value) if key in names else value for key, value in values.items()}


def _wording(kind: str, wording: Mapping[str, Any]) -> CertificateWording:
    return CertificateWording(
        kind=kind,
        title=wording["title"],
        lines=tuple(wording["lines"]),
        outcomes=tuple(wording["outcomes"]),
        credential=CreditSpec(**wording["credential"]),
        attests=wording.get("attests", "achievement"),
        unless=wording.get("unless"),
        valid_for=wording.get("valid_for"),
        remind_days=tuple(wording.get("remind_days", ())),
        renewal=(wording.get("renewal") or {}).get("note"),
    )


def _module(values: Mapping[str, Any]) -> Module:
    plain = _tuples(values, "outcomes", "co_written_by")
    plain["competencies"] = tuple(
        Competency(**_tuples(competency, "principles", "chime")) for competency in values["competencies"]
    )
    plain["plan"] = tuple(Activity(**activity) for activity in values["plan"])
    plain["taught_by"] = tuple(TaughtBy(**trainer) for trainer in values["taught_by"])
    plain["reading"] = tuple(Reading(**_tuples(reading, "languages")) for reading in values["reading"])
    plain["handouts"] = tuple(Handout(**handout) for handout in values["handouts"])
    return Module(**plain)


def summary(programme: Programme, language: str = "en") -> dict[str, Any]:
    """The programme in short, titles in `language`: levels lowest first, gates in their order."""
    language = programme.language_for(language)
    return {
        "code": programme.code,
        "version": programme.version,
        "hash": programme.hash,
        "title": programme.title[language],
        "scale": {
            "levels": [
                {"code": level.code, "title": level.title[language], "passing": level.passing}
                for level in programme.scale.levels
            ]
        },
        "modules": [
            {
                "number": module.number,
                "code": module.code,
                "title": module.title[language],
                "minutes": module.minutes,
                "competencies": [
                    {"code": competency.code, "title": competency.title[language]}
                    for competency in module.competencies
                ],
            }
            for module in programme.modules
        ],
        "gates": {name: list(gate.requirements) for name, gate in programme.gates.items()},
    }
