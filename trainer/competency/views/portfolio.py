"""The portfolio: which parts it has, in which language, and the document itself."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from trainer.cohorts.models import Enrolment
from trainer.competency import queries
from trainer.competency.documents import PARTS, Material, compose, render
from trainer.competency.policy import can_assess_self, can_see_person
from trainer.competency.rules import stand
from trainer.competency.views.base import bp, own_enrolment, programme_of_course
from trainer.core import clock
from trainer.core.access import access
from trainer.core.i18n import LANGUAGES, language
from trainer.core.web import download


@bp.get("/me/courses/<code>/portfolio")
@access(load=own_enrolment, read=can_assess_self)
def my_portfolio(enrolment: Enrolment) -> str:
    """The trainee chooses what their portfolio holds."""
    return _page(enrolment, own=True)


@bp.get("/courses/<code>/people/<int:enrolment_id>/portfolio")
@access(load=queries.enrolment_of, read=can_see_person)
def portfolio(enrolment: Enrolment) -> str:
    """Staff choose what one person's portfolio holds."""
    return _page(enrolment, own=False)


def _page(enrolment: Enrolment, *, own: bool) -> str:
    return render_template(
        "competency/portfolio.html",
        course=enrolment.course,
        enrolment=enrolment,
        programme=programme_of_course(enrolment.course),
        parts=PARTS,
        all_languages=LANGUAGES,
        own=own,
    )


@bp.get("/me/courses/<code>/portfolio.pdf")
@access(load=own_enrolment, read=can_assess_self)
def my_portfolio_file(enrolment: Enrolment) -> Response:
    """The trainee's portfolio."""
    return _file(enrolment)


@bp.get("/courses/<code>/people/<int:enrolment_id>/portfolio.pdf")
@access(load=queries.enrolment_of, read=can_see_person)
def portfolio_file(enrolment: Enrolment) -> Response:
    """One person's portfolio."""
    return _file(enrolment)


def _file(enrolment: Enrolment) -> Response:
    wanted = request.args.get("language", "")
    parts = [name for name in request.args.getlist("part") if name in PARTS]
    course = enrolment.course
    programme = programme_of_course(course)
    history = queries.history(enrolment.id)
    judgements = [row.judgement for rows in history.values() for row in rows]
    material = Material(
        name=enrolment.person.display_name,
        course_title=course.title,
        provider=course.organisation.name,
        specimen=course.specimen,
        programme=programme,
        standings=stand(programme.competency_codes, judgements, programme.scale, programme.scale.assessors),
        history=history,
        evidence=queries.evidence_of(enrolment.id) if "evidence" in parts else [],
        claims=queries.claims_of(enrolment.id) if "reviews" in parts else [],
        appeals=queries.appeals_of(enrolment.id) if "reviews" in parts else [],
        made_at=clock.now(),
    )
    data = render(compose(material, parts, wanted if wanted in LANGUAGES else language()))
    return download(data, f"portfolio-{course.code}-{enrolment.id}.pdf", "application/pdf")
