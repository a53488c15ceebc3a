"""Results of tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from trainer.cohorts.models import Course
from trainer.core.access import Actor
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.core.text import msg
from trainer.dossier.models import DossierEntry
from trainer.dossier.policy import can_answer
from trainer.dossier.rules import State, Thing, score_standing
from trainer.dossier.services.base import append, check_day, dossier_of_person, programme_for


@dataclass(frozen=True)
class Result:
    """What somebody reached in a test, before it is recorded."""

    enrolment_id: int
    test: str
    points: int
    on: date
    words: str = ""


def record_results(actor: Actor, course: Course, results: Sequence[Result]) -> list[DossierEntry]:
    """Appends results of people on a course, all or none.

    Raises Refused for who may not, for oneself, and once every attempt of the programme was taken; Invalid for a test that the
    programme does not have, points out of range or a day to come.
    """
    with transaction():
        course_id = course.id
        specs = {one.code: one for one in programme_for(course).tests}
        rows = []
        for one in sorted(results, key=lambda result: (result.enrolment_id, result.on)):
            with dossier_of_person(actor, one.enrolment_id) as (enrolment, entries):
                if enrolment.course_id != course_id or not can_answer(actor, enrolment):
                    raise Refused(msg("Only the training team records results, and nobody their own."))
                spec = specs.get(one.test)
                if spec is None:
                    raise Invalid(msg("The programme has no test %(code)s.", code=one.test))
                if not 0 <= one.points <= spec.out_of:
                    raise Invalid(msg("Points go from 0 to %(most)s in this test.", most=str(spec.out_of)))
                check_day(one.on, enrolment)
                if score_standing(entries, spec.code, spec.attempts).left == 0:
                    raise Refused(
                        msg(
                            "%(name)s has taken every attempt that the programme gives at “%(test)s”.",
                            name=enrolment.person.display_name,
                            test=spec.title,
                        )
                    )
                rows.append(
                    append(
                        actor,
                        enrolment,
                        Thing.TEST,
                        spec.code,
                        State.TAKEN,
                        one.on,
                        points=one.points,
                        out_of=spec.out_of,
                        words=one.words,
                    )
                )
        session.flush()
        return rows
