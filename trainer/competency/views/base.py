"""The blueprint of competencies, and what its pages share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from trainer.cohorts.models import Course, Enrolment
from trainer.competency import queries
from trainer.competency.rules import Kind
from trainer.core.access import Actor, current_actor
from trainer.core.errors import TrainerError
from trainer.core.i18n import say
from trainer.curriculum.queries import programme_of
from trainer.curriculum.rules import Module, Programme

bp = Blueprint("competency", __name__, template_folder="../templates")


def programme_of_course(course: Course) -> Programme:
    return programme_of(course.programme_version_id)


def person_module(code: str, enrolment_id: int, number: int) -> tuple[Enrolment, Module] | None:
    return with_module(queries.enrolment_of(code, enrolment_id), number)


def own_module(code: str, number: int) -> tuple[Enrolment, Module] | None:
    return with_module(own_enrolment(code), number)


def own_enrolment(code: str) -> Enrolment | None:
    return queries.own_enrolment(code, current_actor().person_id)


def with_module(enrolment: Enrolment | None, number: int) -> tuple[Enrolment, Module] | None:
    if enrolment is None:
        return None
    module = next(
        (one for one in programme_of_course(enrolment.course).modules if one.number == number), None
    )
    return None if module is None else (enrolment, module)


def of_pair(policy: Any) -> Any:
    """A policy on an enrolment, for a loader that gives (enrolment, module)."""

    def asked(actor: Any, pair: tuple[Enrolment, Module]) -> bool:
        return bool(policy(actor, pair[0]))

    asked.__qualname__ = policy.__qualname__
    return asked


def assessing_kinds(actor: Actor, organisation_id: int) -> list[Kind]:
    """As what somebody of the provider's staff assesses; with lived experience on record, as a peer first."""
    if queries.has_lived_experience(actor.person_id, organisation_id):
        return [Kind.PEER_ASSESSOR, Kind.ASSESSOR]
    return [Kind.ASSESSOR]


def messages(error: TrainerError) -> list[str]:
    """What an error says, each problem by itself."""
    return [say(error.text), *(say(one) for one in getattr(error, "problems", []))]
