"""What another version of its programme would do to a running course: decided on today's facts, by the same rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from trainer.cohorts.models import Course, Enrolment, VersionChange
from trainer.competency.models import Assessment
from trainer.core.database import session
from trainer.core.text import Text, msg, nmsg
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.queries import programme_by_code, programme_of
from trainer.curriculum.rules import Programme
from trainer.curriculum.rules.diff import missing_for
from trainer.dossier.models import DossierEntry
from trainer.gates.queries import case_file
from trainer.gates.rules import GateResult, Status
from trainer.people.models import Person
from trainer.progress.rules.words import status_text
from trainer.scheduling.models import Session

PASSED = (Status.MET, Status.WAIVED)


@dataclass(frozen=True)
class Moved:
    """One person whose gate would stand otherwise."""

    enrolment_id: int
    name: str
    gate: str
    title: Any
    before: Status
    after: Status
    why: Text | None


@dataclass(frozen=True)
class Affected:
    """What the move would do to one course. `problems` forbid it: what is on record would lose its name.

    moved: who stands otherwise at a gate that both versions have. come: of each gate that is new, its title and how many would
    stand at it how; gone: of each that is not there any more, its title and how many have passed it.
    """

    code: str
    people: int
    moved: tuple[Moved, ...] = ()
    problems: tuple[Text, ...] = ()
    come: Mapping[str, tuple[Any, Mapping[Status, int]]] = field(default_factory=dict)
    gone: Mapping[str, tuple[Any, int]] = field(default_factory=dict)

    def counts(self) -> dict[str, dict[str, int]]:
        """By gate: how many go from which status to which, as "not_yet->met"."""
        found: dict[str, Counter[str]] = {}
        for one in self.moved:
            found.setdefault(one.gate, Counter())[f"{one.before.value}->{one.after.value}"] += 1
        return {gate: dict(sorted(counted.items())) for gate, counted in sorted(found.items())}

    def document(self) -> dict[str, Any]:
        """As JSON: counts, no names."""
        return {
            "course": self.code,
            "people": self.people,
            "gates": self.counts(),
            "new_gates": {
                name: {one.value: n for one, n in counted.items()} for name, (_, counted) in self.come.items()
            },
            "gone_gates": {name: passed for name, (_, passed) in self.gone.items()},
            "problems": [str(one) for one in self.problems],
        }

    def words(self) -> list[Text]:
        """In sentences, one a gate and way."""
        head = nmsg(
            "%(course)s: %(num)d person is on this version.",
            "%(course)s: %(num)d people are on this version.",
            self.people,
            course=self.code,
        )
        ways: Counter[tuple[str, Status, Status]] = Counter(
            (one.gate, one.before, one.after) for one in self.moved
        )
        titles = {one.gate: one.title for one in self.moved}
        lines = [
            nmsg(
                "%(course)s: %(num)d person would go from “%(before)s” to “%(after)s” at “%(gate)s”.",
                "%(course)s: %(num)d people would go from “%(before)s” to “%(after)s” at “%(gate)s”.",
                number,
                course=self.code,
                before=status_text(before),
                after=status_text(after),
                gate=titles[gate],
            )
            for (gate, before, after), number in sorted(ways.items())
        ]
        lines += self.other_gates()
        if not lines and not self.problems:
            lines = [msg("%(course)s: nobody would stand otherwise today.", course=self.code)]
        return [head, *lines, *self.problems]

    def other_gates(self) -> list[Text]:
        """What comes of gates that only one of the versions has, in sentences."""
        found = [
            nmsg(
                "%(course)s: at the new gate “%(gate)s”, %(num)d person would stand at “%(status)s”.",
                "%(course)s: at the new gate “%(gate)s”, %(num)d people would stand at “%(status)s”.",
                number,
                course=self.code,
                gate=title,
                status=status_text(status),
            )
            for title, counted in self.come.values()
            for status, number in sorted(counted.items())
        ]
        return found + [
            nmsg(
                "%(course)s: the gate “%(gate)s” is not there any more; %(num)d person has passed it.",
                "%(course)s: the gate “%(gate)s” is not there any more; %(num)d people have passed it.",
                passed,
                course=self.code,
                gate=title,
            )
            for title, passed in self.gone.values()
        ]


def affected(before: Programme, after: Programme) -> list[Affected]:
    """Every course that runs on `before`, as it would stand under `after`. A fixed number of statements a course."""
    courses = session.scalars(
        select(Course)
        .join(ProgrammeVersion, ProgrammeVersion.id == Course.programme_version_id)
        .where(ProgrammeVersion.hash == before.hash, Course.status != "closed")
        .order_by(Course.code)
    ).all()
    return [effects(course, after) for course in courses]


def effects(course: Course, after: Programme) -> Affected:
    """Whom the other version would move where on this course today."""
    case = case_file(course)
    other = case_file(course, case.enrolment_ids, known=case.facts, programme=after)
    names = _names(case.enrolment_ids)
    moved = []
    now, then = case.decide(), other.decide()
    for key in sorted(case.enrolment_ids, key=lambda one: names.get(one, "")):
        for name, gate in then[key].items():
            was = now[key].get(name)
            if was is not None and was.status is not gate.status:
                moved.append(
                    Moved(
                        key, names.get(key, ""), name, _title(gate), was.status, gate.status, gate.explanation
                    )
                )
    return Affected(
        code=course.code,
        people=len(case.enrolment_ids),
        moved=tuple(moved),
        problems=tuple(_problems(course, after)),
        come={
            name: (gate.title, Counter(then[key][name].status for key in case.enrolment_ids))
            for name, gate in after.gates.items()
            if name not in case.programme.gates
        },
        gone={
            name: (gate.title, sum(now[key][name].status in PASSED for key in case.enrolment_ids))
            for name, gate in case.programme.gates.items()
            if name not in after.gates
        },
    )


def _title(gate: GateResult) -> Any:
    return dict(gate.title) or gate.name


def _names(ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(Enrolment.id, Person.display_name)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.id.in_(ids))
    )
    return dict(rows.tuples().all())


def _problems(course: Course, after: Programme) -> list[Text]:
    modules = session.scalars(
        select(Session.module_code)
        .where(Session.course_id == course.id, Session.status != "cancelled")
        .distinct()
    ).all()
    rows = session.execute(
        select(Assessment.competency_code, Assessment.level_code)
        .join(Enrolment, Enrolment.id == Assessment.enrolment_id)
        .where(Enrolment.course_id == course.id)
        .distinct()
    ).all()
    things = session.execute(
        select(DossierEntry.kind, DossierEntry.code)
        .join(Enrolment, Enrolment.id == DossierEntry.enrolment_id)
        .where(Enrolment.course_id == course.id)
        .distinct()
    ).all()
    return missing_for(
        after,
        modules,
        {code for code, _ in rows},
        {level for _, level in rows},
        [(kind, code) for kind, code in things],
    )


def offered(course: Course) -> Programme | None:
    """The programme of the course as its files stand now, where that is another version than the course's own."""
    own = programme_of(course.programme_version_id)
    here = programme_by_code(own.code)
    return here if here is not None and here.hash != own.hash else None


def changes_of(course_id: int) -> list[VersionChange]:
    """Every proposal to move the course, the newest first. One statement."""
    return list(
        session.scalars(
            select(VersionChange)
            .where(VersionChange.course_id == course_id)
            .options(joinedload(VersionChange.proposer), joinedload(VersionChange.reviewer))
            .order_by(VersionChange.id.desc())
        )
    )


@dataclass(frozen=True)
class OneChange:
    """One proposal with its course."""

    change: VersionChange
    course: Course


def one_change(code: str, change_id: int) -> OneChange | None:
    """One proposal of a course; None when it is not of that course."""
    found = session.execute(
        select(VersionChange, Course)
        .join(Course, Course.id == VersionChange.course_id)
        .where(VersionChange.id == change_id, Course.code == code)
    ).one_or_none()
    return OneChange(found[0], found[1]) if found else None
