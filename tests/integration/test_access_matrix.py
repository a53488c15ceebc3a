"""Who gets what from every route: the whole matrix, over HTTP, on a world in which everything exists.

A visitor is sent to sign in, an outsider gets 404, a reader who may not write 403. A new route fails here until it is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import html5lib
import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import new_database
from tests.factories.absences import absence_of
from tests.factories.world import SYSTEM, make_world
from trainer.accreditation import services as accreditation
from trainer.accreditation.models import Certificate, Proposal, ShareLink
from trainer.accreditation.services import batches
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.cohorts.models import Course, VersionChange
from trainer.cohorts.services import invite_to_course
from trainer.competency import services as competency
from trainer.competency.models import Assessment, PriorLearning
from trainer.competency.services import AssessmentInput, record_assessments
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.curriculum.queries import programme_of
from trainer.dossier.models import DossierEntry
from trainer.gates.services import waive
from trainer.joining.models import CandidateReference
from trainer.people.models import Membership
from trainer.placement import services as placement
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import add_handout, create_feed

STRANGERS = frozenset({"other_organiser", "other_registrar"})
EVERYBODY = STRANGERS | {
    *("admin", "organiser", "trainer", "assessor", "registrar", "reference", "trainee", "other_trainee")
}
NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset({"admin"})
MANAGE = frozenset({"admin", "organiser"})
TEACH = MANAGE | {"trainer"}
STAFF = TEACH | {"assessor"}
ANY_STAFF = STAFF | {"other_organiser"}
ANY_ORGANISER = MANAGE | {"other_organiser"}
REGISTRY = frozenset({"admin", "registrar"})
ANY_REGISTRY = REGISTRY | {"other_registrar"}
REFERENCE = frozenset({"reference"})
OWN = frozenset({"trainee"})
TRAINEES = frozenset({"trainee", "other_trainee"})  # each their own, at the same address
PLACED = MANAGE | {"trainee", "reference"}

# endpoint: (who reads, who writes). For routes with no page of their own, only the second counts for POST.
MATRIX: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "accreditation.answer": (STAFF, MANAGE),
    "accreditation.book": (REGISTRY, REGISTRY),
    "accreditation.book_csv": (REGISTRY, REGISTRY),
    "accreditation.book_pdf": (REGISTRY, REGISTRY),
    "accreditation.book_xlsx": (REGISTRY, REGISTRY),
    "accreditation.course": (STAFF, STAFF),
    "accreditation.course_document": (MANAGE, MANAGE),
    "accreditation.course_proposal": (MANAGE, MANAGE),
    "accreditation.decide": (REGISTRY, REGISTRY),
    "accreditation.decide_one": (REGISTRY, REGISTRY),
    "accreditation.go_on": (REGISTRY, REGISTRY),
    "accreditation.logo": (REGISTRY, REGISTRY),
    "accreditation.create_link": (OWN, OWN),
    "accreditation.my_badge": (OWN, OWN),
    "accreditation.my_certificate": (OWN, OWN),
    "accreditation.my_certificates": (EVERYBODY, EVERYBODY),
    "accreditation.my_credential": (OWN, OWN),
    "accreditation.my_document": (OWN, OWN),
    "accreditation.preview": (REGISTRY, REGISTRY),
    "accreditation.preview_picture": (REGISTRY, REGISTRY),
    "accreditation.keys": (REGISTRY, REGISTRY),
    "accreditation.test_keys": (REGISTRY, REGISTRY),
    "accreditation.rotate_key_of": (REGISTRY, REGISTRY),
    "accreditation.retire_key": (REGISTRY, REGISTRY),
    "accreditation.stamps": (REGISTRY, REGISTRY),
    "accreditation.profile": (REGISTRY, REGISTRY),
    "accreditation.programme_face": (REGISTRY, REGISTRY),
    "accreditation.programme_logo": (REGISTRY, REGISTRY),
    "accreditation.propose": (STAFF, MANAGE),
    "accreditation.registry": (ANY_REGISTRY, ANY_REGISTRY),
    "accreditation.registry_batch": (REGISTRY, REGISTRY),
    "accreditation.registry_certificate": (REGISTRY, REGISTRY),
    "accreditation.registry_certificates": (REGISTRY, REGISTRY),
    "accreditation.registry_course": (REGISTRY, REGISTRY),
    "accreditation.registry_document": (REGISTRY, REGISTRY),
    "accreditation.registry_proposal": (REGISTRY, REGISTRY),
    "accreditation.reinstate": (REGISTRY, REGISTRY),
    "accreditation.reissue": (REGISTRY, REGISTRY),
    "accreditation.renew": (REGISTRY, REGISTRY),
    "accreditation.review": (REGISTRY, REGISTRY),
    "accreditation.revoke": (REGISTRY, REGISTRY),
    "accreditation.rules": (REGISTRY, REGISTRY),
    "accreditation.visibility": (OWN, OWN),
    "accreditation.withdraw_link": (OWN, OWN),
    "accreditation.withdraw": (STAFF, MANAGE),
    "accreditation.write_to_university": (STAFF, MANAGE),
    "attendance.absences": (STAFF, STAFF),
    "attendance.ask_make_up": (TRAINEES, TRAINEES),
    "attendance.call_off_own": (TRAINEES, TRAINEES),
    "attendance.decide_notice": (STAFF, TEACH),
    "attendance.guests": (STAFF, TEACH),
    "attendance.history": (STAFF, STAFF),
    "attendance.import_page": (STAFF, TEACH),
    "attendance.make_up": (STAFF, TEACH),
    "attendance.make_ups": (STAFF, STAFF),
    "attendance.make_ups_file": (STAFF, STAFF),
    "attendance.my_absence": (TRAINEES, TRAINEES),
    "attendance.my_absences": (TRAINEES, TRAINEES),
    "attendance.my_notes": (EVERYBODY, EVERYBODY),
    "attendance.note": (frozenset({"assessor", "trainee"}), frozenset({"assessor", "trainee"})),
    "attendance.paper": (STAFF, STAFF),
    "attendance.person_absences": (STAFF, TEACH),
    "attendance.register": (STAFF, TEACH),
    "attendance.register_live": (STAFF, STAFF),
    "attendance.sheet": (STAFF, TEACH),
    "attendance.transfer_person": (STAFF, MANAGE),
    "attendance.withdraw": (STAFF, TEACH),
    "attendance.withdraw_notice": (TRAINEES, TRAINEES),
    "audit.entries": (ADMIN, ADMIN),
    "audit.entries_file": (ADMIN, ADMIN),
    "cohorts.add_person": (STAFF, MANAGE),
    "cohorts.change_details": (STAFF, MANAGE),
    "cohorts.change_status": (STAFF, MANAGE),
    "cohorts.consent": (TRAINEES, TRAINEES),
    "cohorts.course": (STAFF, STAFF),
    "cohorts.courses": (ANY_STAFF, ANY_STAFF),
    "cohorts.courses_file": (ANY_STAFF, ANY_STAFF),
    "cohorts.import_people": (STAFF, MANAGE),
    "cohorts.invite": (STAFF, MANAGE),
    "cohorts.leave": (TRAINEES, TRAINEES),
    "cohorts.my_courses": (EVERYBODY, EVERYBODY),
    "cohorts.new_course": (ANY_ORGANISER, ANY_ORGANISER),
    "cohorts.people": (STAFF, STAFF),
    "cohorts.people_file": (STAFF, STAFF),
    "cohorts.person": (STAFF, STAFF),
    "cohorts.settings": (STAFF, MANAGE),
    "competency.appeal_answer": (STAFF, frozenset({"trainer"})),
    "competency.appeal_assign": (STAFF, MANAGE),
    "competency.appeal_withdraw": (OWN, OWN),
    "competency.ask_again": (OWN, OWN),
    "competency.assess": (STAFF, STAFF),
    "competency.assess_as_reference": (frozenset({"reference"}), frozenset({"reference"})),
    "competency.assess_self": (TRAINEES, TRAINEES),
    "competency.claim_withdraw": (OWN, OWN),
    "competency.declare": (STAFF, STAFF),
    "competency.end": (STAFF, STAFF),
    "competency.evidence": (STAFF, STAFF),
    "competency.evidence_add": (STAFF, STAFF),
    "competency.evidence_file": (STAFF | OWN, STAFF | OWN),
    "competency.evidence_withdraw": (STAFF | OWN, MANAGE | OWN),
    "competency.group": (STAFF, STAFF),
    "competency.group_sessions": (STAFF, STAFF),
    "competency.import_page": (STAFF, STAFF),
    "competency.matrix": (STAFF, STAFF),
    "competency.matrix_file": (STAFF, STAFF),
    "competency.mine": (TRAINEES, TRAINEES),
    "competency.my_appeals": (TRAINEES, TRAINEES),
    "competency.my_claims": (TRAINEES, TRAINEES),
    "competency.my_evidence": (TRAINEES, TRAINEES),
    "competency.my_evidence_add": (TRAINEES, TRAINEES),
    "competency.my_portfolio": (TRAINEES, TRAINEES),
    "competency.my_portfolio_file": (TRAINEES, TRAINEES),
    "competency.person": (STAFF, STAFF),
    "competency.portfolio": (STAFF, STAFF),
    "competency.portfolio_file": (STAFF, STAFF),
    "competency.reference": (frozenset({"reference"}), frozenset({"reference"})),
    "competency.review_appeal": (STAFF, STAFF),
    "competency.review_claim": (STAFF, STAFF),
    "competency.reviews": (STAFF, STAFF),
    "competency.reviews_file": (STAFF, STAFF),
    "curriculum.handout": (EVERYBODY, EVERYBODY),
    "curriculum.module": (EVERYBODY, EVERYBODY),
    "curriculum.programme": (EVERYBODY, EVERYBODY),
    "curriculum.programmes": (EVERYBODY, EVERYBODY),
    "gates.revoke": (STAFF, MANAGE),
    "gates.waivers": (STAFF, MANAGE),
    "joining.add": (MANAGE, MANAGE),
    "joining.ask_again": (MANAGE, MANAGE),
    "joining.came": (MANAGE, MANAGE),
    "joining.cancel_session": (MANAGE, MANAGE),
    "joining.candidate": (MANAGE, MANAGE),
    "joining.change_session": (MANAGE, MANAGE),
    "joining.close": (MANAGE, MANAGE),
    "joining.confirm": (MANAGE, MANAGE),
    "joining.course": (MANAGE, MANAGE),
    "joining.course_file": (MANAGE, MANAGE),
    "joining.decide": (MANAGE, MANAGE),
    "joining.entity": (MANAGE, MANAGE),
    "joining.erase": (MANAGE, MANAGE),
    "joining.new_session": (MANAGE, MANAGE),
    "joining.opening": (MANAGE, MANAGE),
    "joining.propose": (REFERENCE, REFERENCE),
    "joining.proposed": (REFERENCE, REFERENCE),
    "joining.session": (MANAGE, MANAGE),
    "joining.step": (MANAGE, MANAGE),
    "people.account": (EVERYBODY, EVERYBODY),
    "people.add_role": (ADMIN, ADMIN),
    "people.add_user": (ADMIN, ADMIN),
    "people.end_role": (ADMIN, ADMIN),
    "people.invite_again": (ADMIN, ADMIN),
    "people.my_data": (EVERYBODY, EVERYBODY),
    "people.organisation": (ADMIN, ADMIN),
    "people.organisations": (ADMIN, ADMIN),
    "people.people": (ADMIN, ADMIN),
    "people.person": (ADMIN, ADMIN),
    "people.switch_account": (ADMIN, ADMIN),
    "placement.add_log": (PLACED, MANAGE | OWN),
    "placement.agreement": (PLACED, PLACED),
    "placement.change": (PLACED, MANAGE),
    "placement.change_log": (PLACED, MANAGE | OWN),
    "placement.course": (STAFF, STAFF),
    "placement.course_file": (STAFF, STAFF),
    "placement.dispute": (PLACED, frozenset({"trainee", "reference"})),
    "placement.import_page": (STAFF, MANAGE),
    "placement.log_file": (PLACED, PLACED),
    "placement.mine": (EVERYBODY, EVERYBODY),
    "placement.open_placement": (STAFF, MANAGE),
    "placement.person": (STAFF, STAFF),
    "placement.placement": (PLACED, PLACED),
    "placement.placements": (EVERYBODY, EVERYBODY),
    "placement.placements_file": (EVERYBODY, EVERYBODY),
    "placement.record_follow_up": (PLACED, PLACED),
    "placement.remove_log": (PLACED, MANAGE | OWN),
    "placement.sign_off": (PLACED, frozenset({"reference"})),
    "placement.take_step": (PLACED, MANAGE),
    "placement.withdraw_dispute": (PLACED, NOBODY),
    "progress.course": (STAFF, STAFF),
    "progress.course_file": (STAFF, STAFF),
    "progress.care": (TEACH, TEACH),
    "progress.care_file": (TEACH, TEACH),
    "progress.contacts": (TEACH, TEACH),
    "progress.contacts_file": (TEACH, TEACH),
    "progress.version": (STAFF, MANAGE),
    "progress.version_change": (STAFF, MANAGE),
    "progress.what_if": (STAFF, STAFF),
    "progress.me": (EVERYBODY, EVERYBODY),
    "progress.my_course": (TRAINEES, TRAINEES),
    "progress.person": (STAFF, STAFF),
    "reports.course": (STAFF, STAFF),
    "reports.course_file": (STAFF, STAFF),
    "scheduling.add_handout": (STAFF, TEACH),
    "scheduling.calendar_titles": (EVERYBODY, EVERYBODY),
    "scheduling.cancel": (STAFF, MANAGE),
    "scheduling.change_calendar": (EVERYBODY, EVERYBODY),
    "scheduling.course_calendar": (STAFF, STAFF),
    "scheduling.edit": (STAFF, MANAGE),
    "scheduling.import_page": (STAFF, MANAGE),
    "scheduling.length": (STAFF, TEACH),
    "scheduling.move": (STAFF, MANAGE),
    "scheduling.my_calendar": (EVERYBODY, EVERYBODY),
    "scheduling.new_session": (STAFF, MANAGE),
    "scheduling.new_venue": (ANY_STAFF, ANY_ORGANISER),
    "scheduling.plan": (STAFF, MANAGE),
    "scheduling.remove_handout": (STAFF, TEACH),
    "scheduling.session": (STAFF, STAFF),
    "scheduling.sessions": (STAFF, STAFF),
    "scheduling.sessions_file": (STAFF, STAFF),
    "scheduling.trainers": (STAFF, TEACH),
    "scheduling.venue": (ANY_STAFF, ANY_ORGANISER),
    "scheduling.venues": (ANY_STAFF, ANY_STAFF),
    "dossier.answer": (STAFF, STAFF),
    "dossier.course": (STAFF, STAFF),
    "dossier.course_file": (STAFF, STAFF),
    "dossier.decisions": (STAFF, STAFF),
    "dossier.file": (STAFF, STAFF),
    "dossier.hand_in": (TRAINEES, TRAINEES),
    "dossier.hand_in_for": (STAFF, STAFF),
    "dossier.import_page": (STAFF, STAFF),
    "dossier.mine": (TRAINEES, TRAINEES),
    "dossier.own_file": (OWN, OWN),
    "dossier.person": (STAFF, STAFF),
    "dossier.results": (STAFF, STAFF),
    "dossier.take_back": (OWN, OWN),
    "dossier.university": (REGISTRY, REGISTRY),
    "dossier.void": (STAFF, STAFF),
    "people.organisations_file": (ADMIN, ADMIN),
    "people.people_file": (ADMIN, ADMIN),
    "scheduling.venues_file": (ANY_STAFF, ANY_STAFF),
    "accreditation.course_file": (STAFF, STAFF),
    "accreditation.registry_certificate_file": (REGISTRY, REGISTRY),
    "accreditation.registry_certificates_file": (REGISTRY, REGISTRY),
    "accreditation.registry_course_file": (REGISTRY, REGISTRY),
    "accreditation.registry_file": (ANY_REGISTRY, ANY_REGISTRY),
    "placement.follow_ups_file": (PLACED, PLACED),
    "dossier.person_file": (STAFF, STAFF),
    "dossier.university_file": (REGISTRY, REGISTRY),
    "gates.waivers_file": (STAFF, STAFF),
    "joining.proposed_file": (REFERENCE, REFERENCE),
    "joining.session_file": (MANAGE, MANAGE),
    "joining.sessions_file": (MANAGE, MANAGE),
    "attendance.absences_file": (STAFF, STAFF),
    "competency.group_sessions_file": (STAFF, STAFF),
    "progress.person_contacts_file": (TEACH, TEACH),
    "progress.version_change_file": (STAFF, STAFF),
    "progress.version_file": (STAFF, STAFF),
    "progress.what_if_file": (STAFF, STAFF),
}
# Pages that belong to the actor and find nothing to show for most: 404 instead of an empty page is fine.
MAY_BE_EMPTY = {
    "placement.placements_file",
    "accreditation.logo",
    "accreditation.programme_logo",
    "dossier.file",
    "dossier.own_file",
}
VALUES: dict[str, Any] = {}


@pytest.fixture(scope="module")
def template_database(request: pytest.FixtureRequest, template_database: str, session_folder: Path) -> str:
    """The migrated template with a whole world in it, made once for the module."""
    folder = session_folder / f"matrix{uuid4().hex[:6]}"
    return new_database(request, folder, template_database, lambda: VALUES.update(everything()))


def everything() -> dict[str, Any]:
    """A world with a register, an accredited and placed trainee, and whatever else an address can name."""
    world = make_world(trainees=3, starts_on=date(2026, 6, 2))
    course, trainee = world.course, world.trainees[0]
    rows = sessions_of(course.id)
    absence = absence_of(world, trainee, rows[0])
    present = {one.id: MarkInput(MarkKind.PRESENT) for one in world.trainees}
    for row in rows:
        if row.starts_at < clock.now():
            save_register(world.actor("trainer"), session.get_one(Session, row.id), present)
    programme = programme_of(course.programme_version_id)
    assessor = world.person_id("assessor")
    inputs = [
        AssessmentInput(code, "achieved", "assessor", assessor, clock.today())
        for code in programme.competency_codes
    ]
    assessed = record_assessments(world.actor("assessor"), trainee, inputs)
    record_assessments(world.actor("assessor"), world.trainees[1], inputs)
    waiver = waive(world.actor("organiser"), trainee, "placement", None, "A reason.")
    agreement = placement.open_placement(
        world.actor("organiser"),
        trainee,
        placement.Agreement(
            host_id=world.host.id,
            starts_on=clock.today() - timedelta(weeks=2),
            ends_on=clock.today() + timedelta(weeks=20),
            weekly_minutes=600,
            reference_id=world.person_id("reference"),
        ),
    )
    log = placement.add_log(
        world.actor("trainee"),
        agreement,
        placement.LogInput(clock.today() - timedelta(days=3), 60, "direct", "x"),
    )
    for person in (0, 1):
        accreditation.propose(world.actor("organiser"), course, "accreditation", [world.trainees[person].id])
    accreditation.approve(world.actor("registrar"), course, "accreditation", [trainee.id])
    accreditation.issue(world.actor("registrar"), course, "accreditation", [trainee.id])
    certificate = session.scalars(select(Certificate)).one()
    accreditation.approve(world.actor("registrar"), course, "accreditation")
    accreditation.create_link(world.actor("trainee"), certificate.serial, "", ["name"])
    link = session.scalars(select(ShareLink)).one()
    batch_id = batches.begin(world.actor("registrar"), course)
    open_proposal = session.scalars(
        select(Proposal).where(Proposal.enrolment_id == world.trainees[1].id)
    ).one()
    handout = add_handout(
        world.actor("trainer"), session.get_one(Session, rows[0].id), "Full", "https://example.org/f"
    )
    feed = create_feed(world.actor("trainee"))
    with transaction() as current:  # what this programme does not ask for cannot be handed in by the service
        handed_in = DossierEntry(
            enrolment_id=trainee.id,
            kind="document",
            code="letter",
            state="handed_in",
            on=clock.today(),
            recorded_at=clock.now(),
        )
        current.add(handed_in)
    invite_to_course(world.actor("organiser"), world.trainees[2])
    membership = session.scalars(
        select(Membership).where(Membership.person_id == world.person_id("trainer"))
    ).one()
    people = {name: world.person_id(name) for name in [*EVERYBODY, "visitor"]}
    reviewed = evidence_and_reviews(world, assessed[0])
    return {
        **reviewed,
        "people": people,
        "code": course.code,
        "enrolment_id": trainee.id,
        "number": 1,
        "proposal_id": open_proposal.id,
        "batch_id": batch_id,
        "year": clock.today().year,
        "place": 1,
        "serial": certificate.serial,
        "link_id": link.id,
        "waiver_id": waiver.id,
        "membership_id": membership.id,
        "person_id": people["trainer"],
        "placement_id": agreement.id,
        "log_id": log.id,
        "venue_id": rows[0].venue_id,
        "university": "UNI",
        "form": "csv",
        "step": "pause",
        "token": feed.token,
        "handout_id": handout.id,
        "kind": "document",
        "item": "letter",
        "entry_id": handed_in.id,
        "change_id": version_change(course),
        **candidate_of(world),
        **absence,
    }


def version_change(course: Course) -> int:
    """A proposal to move the course to another version of its programme."""
    with transaction() as current:
        change = VersionChange(
            course_id=course.id,
            from_version_id=course.programme_version_id,
            to_version_id=course.programme_version_id,
            status="proposed",
            reason="Clearer words",
            effects={},
            proposed_at=clock.now(),
        )
        current.add(change)
        current.flush()
        return change.id


def evidence_and_reviews(world: Any, assessment: Assessment) -> dict[str, Any]:
    """A file that the trainee added, a claim that waits, and an appeal that the trainer has."""
    trainee, code = world.trainees[0], assessment.competency_code
    upload = competency.Upload("diari.txt", "text/plain", b"words")
    piece = competency.add_evidence(
        world.actor("trainee"), trainee, competency.EvidenceInput("file", [code], upload=upload)
    )
    appeal = competency.appeal(world.actor("trainee"), world.course.code, assessment.id, "Another look")
    competency.assign_appeal(world.actor("organiser"), appeal.id, world.person_id("trainer"))
    with transaction() as current:
        asked = PriorLearning(
            enrolment_id=trainee.id,
            competency_code=code,
            level_code=assessment.level_code,
            words="Before",
            status="asked",
            asked_at=clock.now(),
        )
        current.add(asked)
    return {
        "evidence_id": piece.id,
        "assessment_id": assessment.id,
        "appeal_id": appeal.id,
        "claim_id": asked.id,
    }


def candidate_of(world: Any) -> dict[str, Any]:
    """An open course with somebody who applied and named a reference, and an information session."""
    from tests.factories.candidates import apply, candidate, info_session, open_course

    open_course(world, references_asked=1)
    one = apply(candidate(world))
    reference = session.scalars(select(CandidateReference)).one()
    info = info_session(world)
    return {"candidate_id": one.id, "reference_id": reference.id, "info_id": info.id, "act": "link"}


def address_of(app: Flask, endpoint: str, method: str) -> str:
    """The route's address with values of the world."""
    rule = next(r for r in app.url_map.iter_rules(endpoint) if method in (r.methods or ()))
    values = {name: VALUES.get(name) for name in rule.arguments}
    if endpoint.startswith("people.organisation"):
        values["code"] = "PROV"
    if endpoint.startswith("competency."):
        values["kind"] = "note"
    if endpoint.startswith("accreditation.programme_"):
        values["code"] = "peer-support-worker"
    if endpoint.startswith("curriculum."):
        values["code"] = "peer-support-worker"
        module = 1
        values["number"] = module
    if "handout" in rule.arguments:
        values["handout"] = first_handout()
    if endpoint in ("scheduling.cancel", "scheduling.move", "scheduling.edit"):
        values["number"] = 10
    with app.test_request_context():
        return app.url_for(endpoint, **{k: v for k, v in values.items() if k in rule.arguments})


def first_handout() -> str:
    from trainer.curriculum.queries import catalogue

    return next(p for p in catalogue() if p.code == "peer-support-worker").modules[0].handouts[0].code


def routes(method: str) -> Iterator[str]:
    from tests.conftest import make_settings
    from trainer import create_app

    app = create_app(make_settings(Path("/nonexistent"), "sqlite://"))
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        access = app.view_functions[rule.endpoint].__access__
        if access.kind != "public" and method in (rule.methods or ()):
            yield rule.endpoint


GETS, POSTS = sorted(set(routes("GET"))), sorted(set(routes("POST")))


def test_every_guarded_route_is_in_the_matrix() -> None:
    assert set(GETS) | set(POSTS) == set(MATRIX)


@pytest.mark.parametrize("endpoint", GETS)
def test_reading(app: Flask, sign_in: Callable[[int | None], Any], endpoint: str) -> None:
    address = address_of(app, endpoint, "GET")
    readers, writers = MATRIX[endpoint]
    seen = {}
    for role, person_id in VALUES["people"].items():
        status = sign_in(person_id).get(address).status_code
        seen[role] = "ok" if status in (200, 302, 303) else str(status)
        if role == "visitor":
            assert status == 302
        elif role in readers and seen[role] != "ok":
            form_only = status == 403 and role not in writers
            assert form_only or endpoint in MAY_BE_EMPTY, (role, status, address)
        elif role not in readers:
            assert status == 404, (role, status, address)


@pytest.mark.parametrize("endpoint", POSTS)
def test_writing(app: Flask, sign_in: Callable[[int | None], Any], endpoint: str) -> None:
    address = address_of(app, endpoint, "POST")
    readers, writers = MATRIX[endpoint]
    order = sorted(
        VALUES["people"], key=lambda role: role in writers
    )  # those who may, last: they change things
    for role in order:
        answer = sign_in(VALUES["people"][role]).post(address, data={})
        status = answer.status_code
        if role == "visitor":
            assert status == 302
            assert "/login" in answer.location
        elif role in writers:
            assert status in (200, 302, 303, 400, 404, 422), (role, status, address)
            break  # the first who may is enough: the world has changed
        elif role in readers:
            assert status == 403, (role, status, address)
        else:
            assert status == 404, (role, status, address)


@pytest.mark.parametrize("endpoint", GETS)
def test_a_page_is_well_formed_and_writes_nothing(
    app: Flask, sign_in: Callable[[int | None], Any], count_queries: Callable[[], Any], endpoint: str
) -> None:
    role = min(MATRIX[endpoint][1] or MATRIX[endpoint][0])
    client = sign_in(VALUES["people"][role])
    with count_queries() as seen:
        answer = client.get(address_of(app, endpoint, "GET"))
    writes = [
        one for one in seen.statements if one.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    ]
    assert [one for one in writes if "access_log" not in one] == []
    if answer.mimetype == "text/html" and answer.status_code == 200:
        html5lib.HTMLParser(strict=True).parse(answer.get_data())
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store"


def test_writers_reach_the_form(app: Flask, sign_in: Callable[[int | None], Any]) -> None:
    """Every page with a form opens for each of its writers."""
    for endpoint in sorted(set(GETS) & set(POSTS)):
        address = address_of(app, endpoint, "GET")
        for role in MATRIX[endpoint][1]:
            status = sign_in(VALUES["people"][role]).get(address).status_code
            assert status in (200, 302, 303), (endpoint, role, status)


def test_a_forged_token_is_refused(app: Flask, sign_in: Callable[[int | None], Any]) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(VALUES["people"]["organiser"])
    for endpoint in POSTS:
        assert client.post(address_of(app, endpoint, "POST"), data={}).status_code == 400, endpoint
    assert SYSTEM.system
