"""The programme as frozen values, built from canonical content (see canonical.py). Minutes are whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from trainer.curriculum.rules.certificates import ATTENDANCE, fill
from trainer.curriculum.rules.modules import Competency, Localised, Module, Source, module_from, tuples
from trainer.curriculum.rules.specs import DecisionSpec, DocumentSpec, PortfolioPart, TestSpec


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
    reference_professional). `kinds`: how many of each kind there have to be among them. A self-assessment never
    counts.
    """

    required: int = 1
    decides: str = "latest"
    kinds: Mapping[str, int] = field(default_factory=dict)


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
class GateSpec:
    """A named set of requirements. `opens`: what it opens; `issues`: the kind of certificate it leads to."""

    name: str
    title: Localised
    requirements: tuple[dict[str, Any], ...]
    opens: str | None = None
    issues: str | None = None
    note: Localised | None = None


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
    attendance: base, excused (counts_as, cap), late_joiners, pauses, note; make_ups (ways, within, at_most,
    not_for, note) and notice (hours) where there are any. placement: weeks, weekly_hours (an average over the
    period), required_hours, counting_kinds, follow_up_minutes (0 for none), immersion_weeks,
    review_every_weeks, note. credits: workload_hours, hours_per_ects, ects (an exact decimal as text).
    appeals: within_days (after an assessment), answer_days. prior_learning: kinds (training, work,
    volunteering, lived_experience; any, if left out), at_most (competencies; any number, if left out).
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
    note: Localised | None = None
    appeals: dict[str, Any] | None = None
    prior_learning: dict[str, Any] | None = None
    documents: tuple[DocumentSpec, ...] = ()
    portfolio: tuple[PortfolioPart, ...] = ()
    tests: tuple[TestSpec, ...] = ()
    decisions: tuple[DecisionSpec, ...] = ()
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
        gates={gate["name"]: GateSpec(**tuples(gate, "requirements")) for gate in content["gates"]},
        certificates={kind: _wording(kind, wording) for kind, wording in content["certificates"].items()},
        modules=tuple(module_from(module) for module in content["modules"]),
        sources=tuple(Source(**source) for source in content["sources"]),
        note=content.get("note"),
        appeals=content.get("appeals"),
        prior_learning=content.get("prior_learning"),
        documents=tuple(DocumentSpec(**one) for one in content.get("documents", ())),
        portfolio=tuple(PortfolioPart(**one) for one in content.get("portfolio", ())),
        tests=tuple(TestSpec(**one) for one in content.get("tests", ())),
        decisions=tuple(DecisionSpec(**one) for one in content.get("decisions", ())),
        content=dict(content),
    )


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
