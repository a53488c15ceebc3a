"""From interest to a place, through the services: who hears what, who gets a place, what is erased."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.factories.candidates import (
    applicant,
    application,
    apply,
    candidate,
    info_session,
    mails,
    open_course,
)
from trainer.audit.models import AuditEntry
from trainer.audit.queries import verify
from trainer.cohorts import services as cohorts
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.crypto import unseal
from trainer.core.database import session
from trainer.core.errors import Invalid, Missing, Refused
from trainer.joining import queries, rules, services
from trainer.joining.models import Candidate, CandidateEvent, CandidateReference
from trainer.joining.rules import Status
from trainer.joining.services import ReferenceInput
from trainer.people.models import Person


def propose(world: Any, email: str = "quim@example.net", confirmed: bool = True) -> None:
    services.propose(
        world.actor("reference"),
        world.course,
        given_name="Quim",
        family_name="Sala",
        email=email,
        language="es",
        entity_id=world.host.id,
        confirmed=confirmed,
    )


def test_interest_is_answered_alike_whether_an_address_is_known_or_not(world: Any) -> None:
    open_course(world)
    one = candidate(world)
    first = mails(one.email)
    assert len(first) == 1
    assert first[0][2] == "ca"
    # At once again: the box is not filled.
    candidate(world)
    assert len(mails(one.email)) == 1
    with clock.frozen(clock.now() + timedelta(minutes=rules.MAIL_PAUSE_MINUTES + 1)):
        candidate(world)
    again = mails(one.email)
    assert len(again) == 2
    link = next(line for line in first[0][1].splitlines() if "/join/" in line)
    assert link in again[1][1]  # the same link, so that an old mail still works
    token = link.rsplit("/", 1)[1]
    assert queries.case_by_token("TEST-1", token).candidate.id == one.id
    assert token not in {one.token_hash, *(str(value) for value in one.__dict__.values())}
    assert session.scalar(select(func.count()).select_from(Candidate)) == 1


def test_a_course_that_is_not_open_takes_nobody(world: Any) -> None:
    with pytest.raises(Missing):
        candidate(world)
    open_course(world)
    with clock.frozen(clock.now() + timedelta(days=31)), pytest.raises(Missing):
        candidate(world)


def test_whoever_is_proposed_counts_only_after_their_own_yes(world: Any) -> None:
    open_course(world, needs_confirmation=True)
    propose(world)
    one = session.scalars(select(Candidate)).one()
    assert (one.status, one.entity_id, one.proposed_by) == (
        "proposed",
        world.host.id,
        world.person_id("reference"),
    )
    assert one.confirmed_by == world.person_id("reference")
    assert mails("quim@example.net")[0][2] == "es"
    assert queries.unanswered(world.course.id) == []
    with pytest.raises(Refused):
        apply(one)
    with pytest.raises((Invalid, Refused)):
        services.decide(world.actor("organiser"), one, "offered")
    services.say_yes(one)
    apply(one, references=[])
    assert services.decide(world.actor("organiser"), one, "offered").status == "offered"


def test_a_confirmation_is_a_name_and_a_day_for_somebody_known_too(world: Any) -> None:
    open_course(world, needs_confirmation=True)
    one = applicant(world, "Quim")
    with pytest.raises(Refused, match="professional"):
        services.decide(world.actor("organiser"), one, "offered")
    propose(world, one.email)
    assert (one.status, one.confirmed_by) == ("applied", world.person_id("reference"))
    assert one.entity_id == world.host.id
    with pytest.raises(Refused):
        services.propose(
            world.actor("organiser"),
            world.course,
            given_name="A",
            family_name="",
            email="a@example.net",
            language="ca",
            entity_id=world.host.id,
            confirmed=False,
        )


def test_a_professional_learns_of_nobody_who_was_a_candidate_before(world: Any) -> None:
    open_course(world)
    professional = world.person_id("reference")
    gone, known = candidate(world, "Gina"), applicant(world, "Quim")
    services.withdraw(gone)
    for email in ("gina@example.net", "quim@example.net", "new@example.net"):
        propose(world, email)
        propose(world, email)
    rows = queries.proposed_by(professional)
    assert [(one.email, one.said_yes, one.over) for one in rows] == [
        (email, False, False) for email in ("new@example.net", "quim@example.net", "gina@example.net")
    ]
    assert len({one.proposed_on.date() for one in rows}) == 1
    services.say_yes(session.scalars(select(Candidate).where(Candidate.email == "new@example.net")).one())
    services.withdraw(known)
    assert [(one.said_yes, one.over) for one in queries.proposed_by(professional)] == [
        (True, False),
        (False, True),
        (False, False),
    ]


def test_an_application_is_consented_sealed_and_asks_its_references(world: Any) -> None:
    open_course(world, references_asked=1)
    one = candidate(world)
    with pytest.raises(Invalid) as error:
        services.apply(one, application(consent=False, references=[]))
    assert len(error.value.problems) == 2
    apply(one)
    assert one.status == "applied"
    assert one.consent_version == rules.WORDING
    assert "Pauses" not in str(one.adjustments_sealed)
    assert unseal(one.adjustments_sealed, rules.ADJUSTMENTS_SEALED_FOR) == "Pauses llargues"
    (subject, body, _language) = mails("berta@example.net")[0]
    assert "Iolanda Roca" in subject
    token = next(line for line in body.splitlines() if "/references/" in line).rsplit("/", 1)[1]
    services.give_reference(token, True, "Molt atenta.")
    with pytest.raises(Missing):
        services.give_reference(token, False, "Once more.")
    reference = session.scalars(select(CandidateReference)).one()
    assert (reference.recommends, reference.words) == (True, "Molt atenta.")
    apply(one, references=[], motivation="Another text")  # a reference that was given stays
    assert one.motivation == "Another text"
    assert session.scalar(select(func.count()).select_from(CandidateReference)) == 1


def test_the_link_of_a_reference_expires_and_a_new_one_replaces_it(world: Any) -> None:
    open_course(world, references_asked=1)
    one = apply(candidate(world))
    reference = session.scalars(select(CandidateReference)).one()
    services.ask_again(world.actor("organiser"), one, reference.id)
    old, new = (
        next(line for line in body.splitlines() if "/references/" in line).rsplit("/", 1)[1]
        for _subject, body, _language in mails("berta@example.net")
    )
    assert queries.asked_by_token(old) is None
    assert queries.asked_by_token(new) is not None
    with clock.frozen(clock.now() + timedelta(days=rules.REFERENCE_DAYS + 1)):
        assert queries.asked_by_token(new) is None


def test_places_are_kept_for_entities_and_the_waiting_list_keeps_its_order(world: Any) -> None:
    # Three people are on the course already; two places are for all, one is kept for the host's people.
    open_course(world, places=6, kept={world.host.id: 1})
    organiser = world.actor("organiser")
    ana, bel, cas, dot = (applicant(world, name) for name in ("Ana", "Bel", "Cas", "Dot"))
    emi = applicant(world, "Emi", world.host.id)
    for one in (ana, bel):
        services.decide(organiser, one, "offered")
    with pytest.raises(Refused, match="kept for other"):
        services.decide(organiser, cas, "offered")
    for one in (cas, dot):
        services.decide(organiser, one, "waiting")
    services.decide(organiser, emi, "offered")
    assert queries.places_of(world.course.id).free == 0
    services.decline(bel)
    with pytest.raises(Refused, match="waited longer"):
        services.decide(organiser, dot, "offered")
    services.decide(organiser, cas, "offered")
    subjects = [subject for subject, _body, _language in mails(cas.email)]
    assert len(subjects) == 4  # the link, the receipt, the waiting list, the offer
    assert queries.unanswered(world.course.id) == []


def test_two_organisers_never_give_the_last_place_twice(app: Any, world: Any) -> None:
    open_course(world, places=4)
    ids = [applicant(world, name).id for name in ("Ana", "Bel", "Cas")]
    organiser = world.actor("organiser")
    session.rollback()

    def offer(candidate_id: int) -> str:
        with app.app_context():
            try:
                services.decide(organiser, session.get_one(Candidate, candidate_id), "offered")
            except Refused:
                return "full"
            return "offered"

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(offer, ids))
    session.rollback()
    assert answers == ["full", "full", "offered"]
    places = queries.places_of(world.course.id)
    assert (places.held, places.free) == (4, 0)
    assert verify().broken_at is None


def test_the_last_seat_of_an_information_session_goes_to_one(app: Any, world: Any) -> None:
    open_course(world)
    info_id = info_session(world, capacity=1).id
    ids = [candidate(world, name).id for name in ("Ana", "Bel", "Cas")]
    session.rollback()

    def choose(candidate_id: int) -> bool:
        with app.app_context():
            try:
                services.choose_session(session.get_one(Candidate, candidate_id), info_id)
            except Invalid:
                return False
            return True

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(choose, ids)) == 1
    session.rollback()
    assert queries.info_session(info_id).left == 0


def test_a_yes_puts_the_person_on_the_course_with_their_consent(world: Any) -> None:
    open_course(world)
    one = applicant(world, "Ana", world.host.id)
    with pytest.raises(Refused):
        services.accept(one, consent=True)
    services.decide(world.actor("organiser"), one, "offered")
    with pytest.raises(Invalid):
        services.accept(one, consent=False)
    enrolment = services.accept(one, consent=True)
    assert (enrolment.status, enrolment.entity_id) == ("enrolled", world.host.id)
    assert enrolment.consent_at is not None
    assert (one.status, one.enrolment_id) == ("accepted", enrolment.id)
    person = session.scalars(select(Person).where(Person.email == one.email)).one()
    assert (person.language, person.id) == ("ca", enrolment.person_id)
    assert "/invitations/" in mails(one.email)[-1][1]
    assert queries.places_of(world.course.id).held == 4
    cohorts.withdraw(world.actor("organiser"), enrolment)
    assert queries.places_of(world.course.id).held == 3  # a freed place


def test_somebody_on_the_course_already_is_not_enrolled_twice(world: Any) -> None:
    open_course(world)
    known = world.trainees[0]
    email = known.person.email
    services.leave_interest(world.course, given_name="N", family_name="P", email=email, language="ca")
    one = session.scalars(select(Candidate)).one()
    apply(one, references=[])
    services.decide(world.actor("organiser"), one, "offered")
    assert services.accept(one, consent=True).id == known.id
    assert session.scalar(select(func.count()).select_from(Enrolment)) == 3


def test_somebody_without_an_address_is_told_by_a_person(world: Any) -> None:
    open_course(world)
    organiser = world.actor("organiser")
    one = services.add_by_hand(
        organiser,
        world.course,
        given_name="Pau",
        family_name="Mir",
        email="",
        phone="600",
        language="ca",
    )
    apply(one, references=[])
    services.decide(organiser, one, "offered")
    assert queries.unanswered(world.course.id) == [one.id]
    services.mark_told(organiser, one)
    assert queries.unanswered(world.course.id) == []
    assert services.accept_for(organiser, one).status == "enrolled"


def test_the_opening_closes_only_when_everybody_is_answered(world: Any) -> None:
    open_course(world)
    organiser = world.actor("organiser")
    ana, bel = applicant(world, "Ana"), candidate(world, "Bel")
    with pytest.raises(Refused, match="2 people"):
        services.close_opening(organiser, world.course)
    services.decide_all(organiser, world.course, {ana.id: "waiting", bel.id: "not_this_time"})
    services.close_opening(organiser, world.course)
    with pytest.raises(Missing):
        candidate(world, "Cas")
    services.decide(organiser, ana, "offered")  # offers go on
    with pytest.raises(Refused, match="not complete"):
        services.decide(organiser, bel, "offered")


def test_information_sessions_are_told_and_ticked(world: Any) -> None:
    open_course(world)
    organiser = world.actor("organiser")
    one = candidate(world)
    info = info_session(world, url="https://meet.example.net/x")
    services.choose_session(one, info.id)
    assert "https://meet.example.net/x" in mails(one.email)[-1][1]
    later = info.starts_local + timedelta(days=1)
    services.save_info_session(organiser, world.course, services.InfoInput(later, 60, "Ateneu"), info)
    assert "Ateneu" in mails(one.email)[-1][1]
    services.mark_came(organiser, info, [one.id], [one.id])
    assert one.came_to_info is True
    second = info_session(world, days=9)
    with pytest.raises(Refused):
        services.choose_session(one, second.id)
    services.cancel_info_session(organiser, info)
    assert one.info_session_id is None
    past = services.InfoInput(datetime.combine(clock.today() - timedelta(days=1), time(9)), 60, "x")
    over = services.save_info_session(organiser, world.course, past)
    with pytest.raises(Invalid, match="over"):
        services.choose_session(one, over.id)
    with pytest.raises(Invalid):
        services.save_info_session(organiser, world.course, replace(past, place="", url="javascript:x"))


def test_withdrawing_erases_at_once_and_one_may_come_back(world: Any) -> None:
    open_course(world, references_asked=1)
    one = apply(candidate(world))
    services.withdraw(one)
    assert (one.status, one.motivation, one.adjustments_sealed) == ("withdrawn", "", None)
    reference = session.scalars(select(CandidateReference)).one()
    assert (reference.name, reference.words) == ("", "")
    assert "berta" not in reference.email
    services.come_back(one)
    assert one.status == "interested"
    apply(one)
    services.withdraw(one)
    services.erase_own(one)
    assert (one.email, one.given_name) == (None, "")
    assert one.erased_at is not None


def test_erasure_waits_for_its_day_and_leaves_events_and_counts(world: Any) -> None:
    open_course(world, references_asked=1)
    organiser = world.actor("organiser")
    joined, waiting = apply(candidate(world, "Ana")), candidate(world, "Bel")
    no = applicant_with_reference(world, "Cas")
    services.decide(organiser, joined, "offered")
    services.accept(joined, consent=True)
    services.decide(organiser, no, "not_this_time")
    assert services.erase_due(organiser) == {}
    before = session.scalar(select(func.count()).select_from(CandidateEvent))
    with clock.frozen(datetime.now(UTC) + timedelta(days=92)):
        assert services.erase_due(organiser) == {"TEST-1": 3}
        assert services.erase_due(organiser) == {}
    for one in (waiting, no):
        assert (one.given_name, one.family_name, one.email, one.phone) == ("", "", None, "")
        assert one.status == "not_this_time"
    assert (
        mails("bel@example.net")[-1][0].startswith("La nostra resposta") or len(mails("bel@example.net")) == 2
    )
    assert joined.given_name == "Ana"
    assert joined.motivation == ""
    assert joined.adjustments_sealed is not None  # what they need in order to take part stays
    assert session.scalar(select(func.count()).select_from(CandidateEvent)) > before
    assert session.scalar(select(func.count()).select_from(Candidate)) == 3
    # The chain outlives the erasure, and never held a personal value.
    details = str([one.details for one in session.scalars(select(AuditEntry))])
    assert "example.net" not in details
    assert "Bel" not in details
    assert verify().broken_at is None


def applicant_with_reference(world: Any, name: str) -> Candidate:
    return apply(candidate(world, name))


def test_strangers_decide_nothing(world: Any) -> None:
    open_course(world)
    one = applicant(world, "Ana")
    for role in ("trainer", "other_organiser", "registrar", "reference"):
        actor = world.actor(role)
        for command in (
            lambda actor=actor: services.decide(actor, one, "offered"),
            lambda actor=actor: services.close_opening(actor, world.course),
            lambda actor=actor: services.erase(actor, world.course),
            lambda actor=actor: services.confirm_on_paper(actor, one, world.person_id("reference")),
            lambda actor=actor: services.send_link(actor, one),
        ):
            with pytest.raises(Refused):
                command()
    assert session.get_one(Candidate, one.id).status == Status.APPLIED


def test_the_list_costs_the_same_for_one_and_for_many(world: Any, count_queries: Any) -> None:
    open_course(world)
    course_id = session.get_one(Course, world.course.id).id
    seen = []
    for names in (("Ana",), ("Bel", "Cas", "Dot")):
        for name in names:
            applicant(world, name)
        with count_queries() as counted:
            queries.candidates(course_id)
        seen.append(counted.count)
    assert seen == [1, 1]


def test_a_candidates_page_cannot_write_to_mailboxes_at_will(world: Any) -> None:
    open_course(world, references_asked=1)
    one = candidate(world)
    for number in range(rules.MOST_ASKED):
        apply(one, references=[ReferenceInput("Berta", f"berta{number % 2}@example.net")])
    with pytest.raises(Refused, match="organisers"):
        apply(one, references=[ReferenceInput("Berta", "another@example.net")])
    assert mails("another@example.net") == []
    # What was named stays, and the rest of the application can still be changed.
    last = f"berta{(rules.MOST_ASKED - 1) % 2}@example.net"
    assert (
        apply(one, motivation="Altra cosa", references=[ReferenceInput("Berta", last)]).motivation
        == "Altra cosa"
    )


def test_a_meeting_has_an_address_of_the_web(world: Any) -> None:
    open_course(world)
    for url in ("http://[half", "javascript:alert(1)", "https://"):
        with pytest.raises(Invalid) as said:
            info_session(world, url=url)
        assert "begins with https://" in str(said.value.problems[0])
