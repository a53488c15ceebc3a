"""Everyone who has passed a gate, over many courses at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from trainer.attendance.queries.totals import met_by_sums
from trainer.attendance.rules import rule_of
from trainer.cohorts.models import Course, Enrolment
from trainer.cohorts.queries import visible_to
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Programme
from trainer.gates.models import Waiver
from trainer.gates.queries import registry, standings
from trainer.gates.rules import GATE_KIND, PASSING
from trainer.people.models import Person

SUMMED = frozenset({"attendance", "max_absences"})
BY_PERSON = frozenset({"competency", "dossier", "placement"})
"""Sources whose facts hang on the enrolments alone: those of many courses are loaded at once."""
CHUNK = 2000
"""So many people are looked at together: their facts fit in memory, their ids in a statement."""


def everyone_passed(gate: str, course_ids: Sequence[int] | None = None) -> dict[int, list[int]]:
    """The enrolments that passed the gate of that name (met or waived), by course; of all courses where none are named.

    People who are only invited are left out. Attendance is summed up in SQL for everybody and decided by the same rule as on
    every page; only those who pass that go on. What hangs on the person alone (competencies, documents, tests, placement
    hours) is then decided for thousands at a time, by the evaluators of every page; only whom sums do not decide, and rules on
    certain sessions, are looked at course by course. The number of statements does not grow with the courses but for those.
    A programme without that gate has nobody.
    """
    courses = _courses(course_ids)
    by_version: dict[int, list[int]] = {}
    for course_id, version_id in courses.items():
        by_version.setdefault(version_id, []).append(course_id)
    everything = course_ids is None and len(by_version) == 1
    found: dict[int, list[int]] = {}
    for version_id, ids in by_version.items():
        programme = programme_of(version_id)
        if gate not in programme.gates:
            continue
        within = None if everything else ids
        found.update(_passed(programme, gate, within))
    return {key: sorted(people) for key, people in found.items() if people}


def people_who_passed(actor: Actor, gate: str) -> list[tuple[str, str, str]]:
    """(course, address, name) of everybody who passed the gate on the courses that the actor can see."""
    courses = dict(session.execute(select(Course.id, Course.code).where(visible_to(actor))).tuples().all())
    found = everyone_passed(gate, None if actor.is_admin else list(courses))
    codes = {key: courses[course_id] for course_id, people in found.items() for key in people}
    names = session.execute(
        select(Enrolment.id, Person.email, Person.display_name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.course_id.in_(list(found)))
    )
    return sorted((codes[key], email or "", name) for key, email, name in names if key in codes)


def _courses(course_ids: Sequence[int] | None) -> dict[int, int]:
    statement = select(Course.id, Course.programme_version_id)
    if course_ids is not None:
        statement = statement.where(Course.id.in_(course_ids))
    return dict(session.execute(statement).tuples().all())


def _passed(programme: Programme, gate: str, course_ids: Sequence[int] | None) -> dict[int, list[int]]:
    asked = _requirements(programme, gate)
    summed = [rule for rule in asked if rule["kind"] in SUMMED]
    candidates: dict[int, set[int]] | None = None
    apart: dict[int, set[int]] = {}
    for requirement in summed:
        met, looked_at = met_by_sums(rule_of(programme, requirement), course_ids)
        for key, some in looked_at.items():
            apart.setdefault(key, set()).update(some)
        if candidates is None:
            candidates = {key: set(some) for key, some in met.items()}
        else:
            candidates = {key: people & set(met.get(key, ())) for key, people in candidates.items()}
    for key, people in _waived(programme, gate, course_ids).items():
        apart.setdefault(key, set()).update(people)
    invited = _invited(course_ids)
    if candidates is None:
        candidates = _enrolled(course_ids)
    clear = {key: people - apart.get(key, set()) - invited for key, people in candidates.items()}
    rest = [rule for rule in asked if rule["kind"] not in SUMMED]
    together = [rule for rule in rest if set(registry().get(rule["kind"]).sources) <= BY_PERSON]
    if together:
        clear = _narrowed(programme, together, clear)
    found: dict[int, list[int]] = {}
    one_by_one = apart
    if len(together) == len(rest):
        found = {key: list(people) for key, people in clear.items()}
    else:
        one_by_one = {
            key: clear.get(key, set()) | apart.get(key, set()) for key in clear.keys() | apart.keys()
        }
    for key, people in one_by_one.items():
        wanted = sorted(people - invited)
        if wanted:
            decided = standings(session.get_one(Course, key), wanted)
            found.setdefault(key, []).extend(one for one in wanted if decided[one][gate].passed)
    return found


def _narrowed(
    programme: Programme, asked: Sequence[Mapping[str, Any]], candidates: Mapping[int, set[int]]
) -> dict[int, set[int]]:
    """Who of the candidates meets all that is asked, each rule decided by its evaluator. None of them has a waiver."""
    evaluators = registry()
    names = dict.fromkeys(name for rule in asked for name in evaluators.get(rule["kind"]).sources)
    zones = dict(session.execute(select(Course.id, Course.timezone)).tuples().all())
    today = {zone: clock.today(zone) for zone in set(zones.values())}
    waiting = [(key, one) for key, people in candidates.items() for one in people]
    found: dict[int, set[int]] = {}
    empty: dict[date, bool] = {}
    for start in range(0, len(waiting), CHUNK):
        some = waiting[start : start + CHUNK]
        ids = [one for _course, one in some]
        facts = {name: evaluators.source(name)(some[0][0], ids, None) for name in names}
        for course_id, one in some:
            own = {name: known.get(one) for name, known in facts.items()}
            day = today[zones[course_id]]
            nothing = all(fact is None for fact in own.values())
            passed = empty.get(day) if nothing else None
            if passed is None:
                passed = all(
                    evaluators.get(rule["kind"]).evaluate(rule, own, programme, day).status in PASSING
                    for rule in asked
                )
            if nothing:
                empty[day] = passed  # the same of everybody of whom nothing is known
            if passed:
                found.setdefault(course_id, set()).add(one)
    return found


def _requirements(programme: Programme, gate: str) -> list[Mapping[str, Any]]:
    """What the gate asks for, with what the gates before it ask for."""
    found: list[Mapping[str, Any]] = []
    for rule in programme.gates[gate].requirements:
        if rule["kind"] == GATE_KIND:
            found += _requirements(programme, rule["gate"])
        else:
            found.append(rule)
    return found


def _waived(programme: Programme, gate: str, course_ids: Sequence[int] | None) -> dict[int, set[int]]:
    """People with a waiver of the gate or of one before it that is not revoked, whatever its last day."""
    names, ahead = {gate}, [gate]
    while ahead:
        for rule in programme.gates[ahead.pop()].requirements:
            if rule["kind"] == GATE_KIND and rule["gate"] not in names:
                names.add(rule["gate"])
                ahead.append(rule["gate"])
    statement = (
        select(Enrolment.course_id, Enrolment.id)
        .join(Waiver, Waiver.enrolment_id == Enrolment.id)
        .where(
            Waiver.gate.in_(names),
            Waiver.revoked_at.is_(None),
            Waiver.until.is_(None) | (Waiver.until >= clock.today("Etc/GMT+12")),
        )
    )
    if course_ids is not None:
        statement = statement.where(Enrolment.course_id.in_(course_ids))
    found: dict[int, set[int]] = {}
    for course_id, key in session.execute(statement):
        found.setdefault(course_id, set()).add(key)
    return found


def _invited(course_ids: Sequence[int] | None) -> set[int]:
    statement = select(Enrolment.id).where(Enrolment.status == "invited")
    if course_ids is not None:
        statement = statement.where(Enrolment.course_id.in_(course_ids))
    return set(session.scalars(statement))


def _enrolled(course_ids: Sequence[int] | None) -> dict[int, set[int]]:
    statement = select(Enrolment.course_id, Enrolment.id).where(Enrolment.status != "invited")
    if course_ids is not None:
        statement = statement.where(Enrolment.course_id.in_(course_ids))
    found: dict[int, set[int]] = {}
    for course_id, key in session.execute(statement):
        found.setdefault(course_id, set()).add(key)
    return found
