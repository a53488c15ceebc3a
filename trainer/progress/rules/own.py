"""A person's own way through a course, as they read it themself: what is behind, where they are, what comes, what to do. Pure.

Source: docs/domain.md, "Attendance" 6 and "Words": the person sees it first, in plain words, and missing data is no warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from trainer.attendance.rules import Attendance, Line, LineState, amount_text
from trainer.attendance.rules.make_ups import MakeUpPolicy, Used, Way, why_not
from trainer.competency.rules import Judgement, reached, stand
from trainer.core.text import Text, minutes_text, msg
from trainer.dossier.rules import PAPER_WORDS, Dossier
from trainer.dossier.rules.papers import PaperState
from trainer.gates.rules import GATE_KIND, PASSING, GateResult, Requirement, Status
from trainer.placement.rules import Facts as PlacementFacts
from trainer.progress.rules.cells import Cell, cells
from trainer.progress.rules.facts import CourseProgress, PersonProgress, SessionLike, gate_title
from trainer.progress.rules.offers import asked_for, can_be_made_up
from trainer.progress.rules.order import InOrder
from trainer.progress.rules.way import session_title
from trainer.progress.rules.words import possible_text, requirement_title, step_text

if TYPE_CHECKING:
    from trainer.curriculum.rules import Programme

ABSENCES, COMPETENCIES, DOSSIER, PLACEMENT = "absences", "competencies", "dossier", "placement"

_PAGES = {
    "attendance": ABSENCES,
    "max_absences": ABSENCES,
    "unmissable": ABSENCES,
    "competencies": COMPETENCIES,
    "documents": DOSSIER,
    "portfolio": DOSSIER,
    "test": DOSSIER,
    "decision": DOSSIER,
    "placement_hours": PLACEMENT,
}
_THERE = ("present", "late", "left_early")
_STEP_PAGES = {"module": ABSENCES, "placement": PLACEMENT}
_ANCHORS = {"documents": "document", "portfolio": "portfolio", "test": "test", "decision": "decision"}


@dataclass(frozen=True, slots=True)
class Todo:
    """One requirement that is not met: what to do about it, and the titles of the gates that wait for it.

    `page`: where one does it (absences, competencies, dossier, placement); None where there is none. `anchor`: where on it.
    `explain`: whether the requirement's own words help; they do not where there is nothing to do yet.
    """

    requirement: Requirement
    step: Text
    gates: tuple[Any, ...]
    page: str | None = None
    anchor: str = ""
    explain: bool = True


def todos(course: CourseProgress, person: PersonProgress, way: Sequence[Part] = ()) -> list[Todo]:
    """Every unmet requirement of the gates that are not passed, in the programme's order; each once, however many ask it.

    Nobody is sent to ask for what cannot be: an assessment of what is taught only in sessions to come, or a make-up where
    nothing can be made up.
    """
    early = bool(way) and nothing_to_assess(way)
    no_make_up = not can_be_made_up(course, person)
    begun = any(one.status == "held" or course.waits_for_register(one) for one in course.sessions)
    opening = next((one for one in person.gates.values() if one.opens == PLACEMENT and not one.passed), None)
    found: list[Todo] = []
    for gate in person.gates.values():
        if gate.passed:
            continue
        title = gate_title(gate)
        for one in gate.requirements:
            step = step_text(one)
            if step is None or one.kind == GATE_KIND:
                continue
            page, anchor = _where(one)
            later = early and one.kind == "competencies"
            if later:
                step, page = (
                    msg("They come with the sessions ahead. There is nothing to do about them now."),
                    None,
                )
            elif (
                opening and one.kind == "placement_hours" and one.status is Status.NOT_YET and one.have == "0"
            ):
                later, page = True, None
                step = msg(
                    "It comes once “%(gate)s” is in place. There is nothing to do about it now.",
                    gate=gate_title(opening),
                )
            elif asked_for(person, one):
                step = msg("You asked to make it up. The course organiser answers, and you get a message.")
            elif no_make_up and one.kind == "attendance" and one.status is Status.UNREACHABLE:
                page = None
                step = msg("Talk with the course organiser: together you can look at what is possible.")
            elif one.kind == "attendance" and one.status is Status.NOT_YET and not begun:
                step = msg("Come to the first session. There is nothing else to do now.")
            place = next(
                (n for n, t in enumerate(found) if t.requirement.kind == one.kind and t.step == step), None
            )
            if place is None:
                found.append(Todo(one, step, (title,), page, anchor, not later))
            else:
                found[place] = replace(found[place], gates=(*found[place].gates, title))
    return found


def _where(one: Requirement) -> tuple[str | None, str]:
    """The page on which one does something about a requirement, and the place on it."""
    evidence = one.evidence[0] if one.evidence else None
    if isinstance(evidence, InOrder):
        step = (evidence.early or evidence.current or evidence.steps[0]).step
        page = _STEP_PAGES.get(step.kind, DOSSIER)
        return page, f"{step.kind}-{step.code}" if page == DOSSIER else ""
    anchor = ""
    if one.kind in _ANCHORS:
        waits = next((e for e in one.evidence if not getattr(e, "good", False)), evidence)
        code = getattr(waits, "code", "")
        anchor = f"{_ANCHORS[one.kind]}-{code}" if code else ""
    # A decision is for others to take: there is nothing to do about it on a page.
    return (None, "") if one.kind == "decision" else (_PAGES.get(one.kind), anchor)


@dataclass(frozen=True, slots=True)
class Visit:
    """One session as the person lived it, or will. `state`: done, current, next, off (cancelled)."""

    session: SessionLike
    cell: Cell
    state: str
    title: Any = None  # where it differs from the part's


@dataclass(frozen=True, slots=True)
class Skill:
    """One competency of a module as a small step. `state`: reached, waiting (for another assessor), seen, to_come."""

    code: str
    title: Any
    state: str
    level: Any = None

    @property
    def is_reached(self) -> bool:
        return self.state == "reached"


@dataclass(frozen=True, slots=True)
class Part:
    """One module of the way. `state`: past, present, ahead."""

    code: str
    title: Any
    number: int | None
    state: str
    visits: tuple[Visit, ...] = ()
    skills: tuple[Skill, ...] = ()

    @property
    def reached(self) -> int:
        return sum(skill.is_reached for skill in self.skills)

    @property
    def was_there(self) -> bool:
        """Whether they were at something of it or made it up."""
        return any(one.cell.kind in _THERE or one.cell.made_up for one in self.visits)

    @property
    def first(self) -> Visit | None:
        """The first session that was not cancelled."""
        return next((one for one in self.visits if one.state != "off"), None)

    @property
    def last(self) -> Visit | None:
        return next((one for one in reversed(self.visits) if one.state != "off"), None)


def parts(
    course: CourseProgress,
    person: PersonProgress,
    judgements: Iterable[Judgement] = (),
    following: SessionLike | None = None,
) -> list[Part]:
    """The modules with their sessions and competencies, in order of their first session; those without any date last.

    The part of the next session is the present one. A part is past once none of its sessions is to come.
    """
    shown = dict(zip((one.id for one in course.sessions), cells(course, person), strict=True))
    skills = skills_of(course.programme, judgements)
    modules = {one.code: one for one in course.programme.modules}
    visits: dict[str, list[Visit]] = {}
    for session in sorted(course.sessions, key=lambda one: (one.starts_at, one.number)):
        visits.setdefault(session.module_code, []).append(
            _visit(course, session, shown[session.id], following)
        )
    found = []
    for code in [*visits, *(one for one in modules if one not in visits)]:
        own, module = tuple(visits.get(code, ())), modules.get(code)
        title = module.title if module else session_title(course.programme, own[0].session)
        number = module.number if module else None
        found.append(Part(code, title, number, _state(own), own, skills.get(code, ())))
    return found


def _visit(course: CourseProgress, session: SessionLike, cell: Cell, following: SessionLike | None) -> Visit:
    state = {"held": "done", "cancelled": "off"}.get(session.status, "next")
    if following is not None and session.id == following.id:
        state = "current"
    elif course.waits_for_register(session):
        state = "done"
    return Visit(session, cell, state, session.title)


def _state(visits: Sequence[Visit]) -> str:
    states = {one.state for one in visits} - {"off"}
    if "current" in states:
        return "present"
    return "past" if states == {"done"} else "ahead"


def skills_of(programme: Programme, judgements: Iterable[Judgement]) -> dict[str, tuple[Skill, ...]]:
    """Each module's competencies as small steps, by module; reached means the first level of the scale that passes."""
    scale = programme.scale
    standings = stand(programme.competency_codes, list(judgements), scale, scale.assessors)
    level = next((one.code for one in scale.levels if one.passing), None)
    done = set(reached(standings, programme.competency_codes, level, scale)) if level else set()
    found = {}
    for module in programme.modules:
        steps = []
        for one in module.competencies:
            standing = standings[one.code]
            state = "reached" if one.code in done else "to_come"
            if state != "reached" and standing.voices:
                state = "waiting" if standing.missing else "seen"
            said = scale.level(standing.level_code).title if standing.level_code else None
            steps.append(Skill(one.code, one.title, state, said))
        found[module.code] = tuple(steps)
    return found


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of the way beside the sessions: a placement, a document, a test, a decision.

    `state`: done, waiting (others look at it), next. `note` says more.
    """

    title: Any
    state: str
    page: str
    anchor: str = ""
    note: Text | None = None


def papers(programme: Programme, dossier: Dossier, gates: Mapping[str, GateResult]) -> list[Thing]:
    """What is handed in, taken or decided, in the programme's order. A test is done once a gate has it met."""
    passed = {
        getattr(one.evidence[0], "code", "")
        for gate in gates.values()
        for one in gate.requirements
        if one.kind == "test" and one.status is Status.MET and one.evidence
    }
    found = []
    for kind, specs, standings in (
        ("document", programme.documents, dossier.documents),
        ("portfolio", programme.portfolio, dossier.portfolio),
    ):
        for spec in specs:
            one = standings[spec.code]
            state = "done" if one.good else "waiting" if one.waiting else "next"
            # That nothing was handed in yet shows; said nine times in a row it would weigh.
            note = None if one.state == PaperState.MISSING else PAPER_WORDS[one.state]
            found.append(Thing(spec.title, state, DOSSIER, f"{kind}-{spec.code}", note))
    for test in programme.tests:
        score = dossier.tests[test.code]
        best = score.best
        points: Text = (
            msg("Best result: %(points)s of %(most)s points.", points=best.points, most=best.out_of)
            if best
            else msg("Not taken yet")
        )
        found.append(
            Thing(test.title, "done" if test.code in passed else "next", DOSSIER, f"test-{test.code}", points)
        )
    for decision in programme.decisions:
        answer = dossier.decisions[decision.code]
        waits = None if answer.yes else msg("Not decided yet")
        state = "done" if answer.yes else "next"
        found.append(Thing(decision.title, state, DOSSIER, f"decision-{decision.code}", waits))
    return found


def placements(person: PersonProgress, known: PlacementFacts, today: date) -> list[Thing]:
    """Each placement with its days, then what the gates ask of placements, each once."""
    found = []
    for number, span in enumerate(sorted(known.spans, key=lambda one: (one.starts_on, one.id)), 1):
        state = "done" if not span.open else "waiting" if span.starts_on <= today else "next"
        note = msg("%(first)s to %(last)s", first=span.starts_on, last=span.ends_on)
        found.append(Thing(msg("Placement %(number)s", number=str(number)), state, PLACEMENT, "", note))
    for gate in person.gates.values():
        for one in gate.requirements:
            if one.kind != "placement_hours" or any(one.explanation == thing.note for thing in found):
                continue
            state = "done" if one.status in PASSING else "next"
            found.append(Thing(msg("Placement hours"), state, PLACEMENT, "", one.explanation))
    return found


def nothing_to_assess(way: Sequence[Part]) -> bool:
    """Whether every competency that was taught is reached, and others are to come with their sessions."""
    taught = [
        skill for part in way if any(one.state == "done" for one in part.visits) for skill in part.skills
    ]
    later = [skill for part in way if part.state != "past" for skill in part.skills]
    return all(skill.is_reached for skill in taught) and not all(skill.is_reached for skill in later)


def where_text(course: CourseProgress, person: PersonProgress) -> Text | None:
    """How far the course is, in a few words; None while nothing has been held."""
    behind = sum(1 for one in course.sessions if one.status == "held" or course.waits_for_register(one))
    if not behind:
        return None
    if behind == course.in_use:
        return msg("All sessions are behind you.")
    return msg("%(done)d of %(all)d sessions are behind you.", done=behind, all=course.in_use)


def still_possible_text(
    attendance: Attendance, tipping: SessionLike | None = None, can_make_up: Sequence[Line] = ()
) -> Text:
    """What is still possible, as possible_text; where making up brings back what is out of reach, it says how much."""
    short = attendance.short_minutes
    if 0 < short <= sum(line.missed for line in can_make_up):
        return msg(
            "%(need)s are needed. All that is left makes %(best)s; making up %(time)s brings the rest.",
            need=amount_text(attendance.rule, attendance.need, up=True),
            best=amount_text(attendance.rule, attendance.credited + attendance.open),
            time=minutes_text(short),
        )
    return possible_text(attendance, tipping)


def announced_to_make_up(course: CourseProgress, person: PersonProgress) -> list[Line]:
    """Sessions to come that they said they will miss, and nobody has asked yet to make up; none where the programme's
    rule does not allow it."""
    policy = MakeUpPolicy.from_document(course.programme.attendance)
    used = Used.of(
        (line.make_up.way, line.make_up.status, line.make_up.minutes)
        for line in person.attendance.lines
        if line.make_up is not None
    )
    return [
        line
        for line in person.attendance.lines
        if line.announced
        and line.state is LineState.PLANNED
        and line.make_up is None
        and why_not(policy, line, used, course.today) is None
    ]


def repeats_of(course: CourseProgress, line: Line) -> list[SessionLike]:
    """Repeats to come at which a missed session could be made up in time, in order of time, where the programme lets it be."""
    policy = MakeUpPolicy.from_document(course.programme.attendance)
    if Way.SESSION not in policy.ways:
        return []
    last = policy.last_day(line.session.on)
    found = [
        one
        for one in course.repeats
        if one.status == "planned"
        and one.module_code == line.session.module_code
        and one.starts_at > course.now
        and (last is None or one.starts_local.date() <= last)
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.number))


def waived(person: PersonProgress) -> list[tuple[Any, Text, date | None]]:
    """What was waived of gates: the requirement's or the gate's title, the words that say who and why, and the last day."""
    found: list[tuple[Any, Text, date | None]] = []
    for gate in person.gates.values():
        if gate.waiver is not None and gate.explanation is not None:
            found.append((gate_title(gate), gate.explanation, gate.waiver.until))
        found += [
            (requirement_title(one, person.gates), one.explanation, one.waiver.until)
            for one in gate.requirements
            if one.waiver is not None
        ]
    return found
