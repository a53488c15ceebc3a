"""A person's own pages: where they stand. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, url_for

from trainer.attendance.queries import Inputs
from trainer.attendance.queries.make_ups import MakeUpRow, effect_for, make_ups_of
from trainer.attendance.rules import Forecast, Line
from trainer.attendance.rules.make_ups import MakeUpPolicy, status_text, way_text
from trainer.attendance.rules.notices import Effect, own_kind_text
from trainer.cohorts.models import Enrolment
from trainer.cohorts.queries import own_enrolment
from trainer.core.access import access, current_actor, signed_in
from trainer.core.text import Text
from trainer.dossier.rules import dossier_of
from trainer.placement.rules import Facts as PlacementFacts
from trainer.progress import queries, rules
from trainer.progress.policy import can_read_own
from trainer.progress.rules import own as own_rules
from trainer.progress.views.base import WORDS, bp, own_links
from trainer.scheduling.queries import trainers_of

_OVER = ("withdrawn", "completed")
_PAGES = {
    own_rules.ABSENCES: "attendance.my_absences",
    own_rules.COMPETENCIES: "competency.mine",
    own_rules.DOSSIER: "dossier.mine",
    own_rules.PLACEMENT: "placement.mine",
}
OWN_WORDS: dict[str, Any] = WORDS | {
    "way_text": way_text,
    "make_up_status": status_text,
    "own_kind_text": own_kind_text,
    "where_text": rules.where_text,
    "waived": rules.waived,
    "cell_notes": rules.cell_notes,
    "need_text": rules.need_text,
    "repeats_of": own_rules.repeats_of,
    "still_possible_text": rules.still_possible_text,
}


def is_over(enrolment: Enrolment) -> bool:
    """Whether the course is behind this person: finished, left or closed."""
    return enrolment.course.status == "closed" or enrolment.status in _OVER


@dataclass(frozen=True)
class Mine:
    """One of a person's courses, ready to show. Of a course that is over, the list of courses needs no figures."""

    enrolment: Enrolment
    contacts: queries.Contacts | None = None
    course: rules.CourseProgress | None = None
    person: rules.PersonProgress | None = None
    following: rules.SessionLike | None = None
    tipping: rules.SessionLike | None = None
    todos: list[rules.Todo] = field(default_factory=list)
    can_make_up: Sequence[Line] = ()
    outlook: Text | None = None
    parts: list[rules.Part] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.enrolment.course.code

    @property
    def is_over(self) -> bool:
        return is_over(self.enrolment)

    @property
    def is_paused(self) -> bool:
        return self.enrolment.status == "paused"

    @property
    def said(self) -> str:
        """What they announced of the next session (absent, late, left_early); nothing, where they said nothing."""
        lines = self.person.attendance.lines if self.person and self.following else ()
        key = self.following.id if self.following else None
        return next((one.notice.kind for one in lines if one.notice and one.session.id == key), "")

    @property
    def has_left(self) -> bool:
        return self.enrolment.status == "withdrawn"

    @property
    def shown(self) -> list[rules.Part]:
        """The parts of the way: of somebody who left, those that they have something of."""
        if not self.has_left:
            return self.parts
        return [part for part in self.parts if part.was_there or part.reached]

    @property
    def announced(self) -> bool:
        """Whether they said of any session to come that they will miss it."""
        lines = self.person.attendance.lines if self.person else ()
        return any(
            one.notice and one.notice.kind == "absent" and one.session.status == "planned" for one in lines
        )

    def address(self, one: rules.Todo | rules.Thing) -> str | None:
        """Where one does something about it."""
        if one.page is None:
            return None
        code = None if one.page == own_rules.PLACEMENT else self.code  # None is left out of an address
        return url_for(_PAGES[one.page], code=code, _anchor=one.anchor or None)


@dataclass(frozen=True)
class Whole:
    """The whole way of one person through one course."""

    mine: Mine
    placements: list[rules.Thing]
    papers: list[rules.Thing]
    effect: Effect
    make_ups: dict[int, MakeUpRow]
    can_make_up: Sequence[Line]
    announced: Sequence[Line]
    policy: MakeUpPolicy
    trainers: Sequence[Any]
    contacted: Sequence[queries.ContactRow]

    @property
    def within_reach(self) -> list[Line]:
        """What was missed and may be made up, or is asked to be."""
        return [*self.can_make_up, *(rules.asked_lines(self.mine.person) if self.mine.person else ())]

    @property
    def coming(self) -> list[MakeUpRow]:
        """Make-ups that are agreed and still to be done, the earliest first."""
        today = self.mine.course.today if self.mine.course else None
        found = [
            one
            for one in self.make_ups.values()
            if one.status == "agreed" and today is not None and not one.past(today)
        ]
        return sorted(found, key=lambda one: (one.target_at is None, one.target_at or one.missed_at))


def own(code: str) -> Enrolment | None:
    """The actor's own enrolment on a course."""
    return own_enrolment(current_actor(), code)


@bp.get("/me")
@signed_in
def me() -> str:
    """A person's own courses: where they stand, what comes next, one thing to do, whom to ask."""
    enrolments = queries.own_enrolments(current_actor().person_id)
    mine = [Mine(one) if is_over(one) else _mine(one)[0] for one in enrolments]
    return render_template(
        "progress/me.html",
        mine=mine,
        given_name=enrolments[0].person.given_name if enrolments else "",
        links=own_links(),
        **OWN_WORDS,
    )


@bp.get("/me/courses/<code>")
@access(load=own, read=can_read_own)
def my_course(enrolment: Enrolment) -> str:
    """A person's own way through one course; printable."""
    mine, loaded = _mine(enrolment, everything=True)
    return render_template(
        "progress/my_course.html",
        one=mine,
        whole=_whole(mine, loaded) if mine.person else None,
        links=own_links(
            enrolment.course.code,
            over=mine.is_over or bool(mine.course and not mine.course.ahead),
            competencies=mine.course is None or bool(mine.course.programme.competency_codes),
        ),
        **OWN_WORDS,
    )


def _mine(enrolment: Enrolment, *, everything: bool = False) -> tuple[Mine, queries.Loaded]:
    """Where they stand; with `everything`, loaded with what no gate of the programme asks too."""
    also = ("competency", "dossier", "placement") if everything else ()
    contacts = queries.contacts(enrolment.course)
    loaded = queries.load(enrolment.course, [enrolment.id], also=also)
    found = loaded.progress
    one = found.person(enrolment.id)
    if one is None:
        return Mine(enrolment, contacts, found), loaded
    # Without data nothing tips, and a session that only waits for its register is no reason to warn anybody.
    number = one.attendance.tipping_session if one.attendance.forecast is not Forecast.NO_DATA else None
    following = found.ahead[0] if found.ahead and one.is_active else None
    judged = loaded.case.of(enrolment.id).get("competency") or ()
    way = rules.parts(found, one, judged, following)
    todos = rules.first_things_first(rules.todos(found, one, way))
    can_make_up = [] if is_over(enrolment) else rules.can_be_made_up(found, one)
    return Mine(
        enrolment=enrolment,
        contacts=contacts,
        course=found,
        person=one,
        following=following,
        tipping=next((session for session in found.ahead if session.number == number), None),
        todos=todos,
        can_make_up=can_make_up,
        outlook=rules.outlook_text(found, one, todos, can_make_up) if one.is_active else None,
        parts=way,
    ), loaded


def _whole(mine: Mine, loaded: queries.Loaded) -> Whole:
    """Everything of the page of one course. What is loaded beside the standing: make-ups, trainers, contacts."""
    course, person, facts = loaded.progress, mine.person, loaded.case.of(mine.enrolment.id)
    assert person is not None
    programme, made_of = course.programme, facts["attendance"] or Inputs()
    live = {row.session_id: row for row in make_ups_of(person.enrolment_id)}
    following = mine.following
    return Whole(
        mine=mine,
        placements=rules.placements(person, facts["placement"] or PlacementFacts(), course.today),
        papers=rules.papers(
            programme, dossier_of(programme, facts["dossier"] or (), course.today), person.gates
        ),
        effect=effect_for(mine.enrolment.course, made_of),
        make_ups=live,
        can_make_up=mine.can_make_up,
        announced=[] if mine.is_over else rules.announced_to_make_up(course, person),
        policy=MakeUpPolicy.from_document(programme.attendance),
        trainers=trainers_of([following.id])[following.id] if following else (),
        contacted=queries.contact_log(mine.enrolment.course_id, [person.enrolment_id]),
    )
