"""Opening, logging, signing off, disputing, following up, pausing, closing; every step by who may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.factories.world import SYSTEM
from tests.integration.placement.conftest import END, START, TODAY, Placed, agreement, place
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.audit.models import AuditEntry
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.gates.queries import standings
from trainer.gates.services import waive
from trainer.people.queries import actor_for_email
from trainer.placement import queries, services
from trainer.placement.models import FollowUp, PlacementLog
from trainer.placement.services import LogInput
from trainer.scheduling.models import Session

DAY = date(2026, 10, 6)


def gate(world: Any, number: int = 0, name: str = "completion") -> Any:
    enrolment = world.trainees[number]
    return standings(world.course, [enrolment.id])[enrolment.id][name]


def hours(world: Any) -> tuple[str, str]:
    found = gate(world).requirements[-1]
    assert found.kind == "placement_hours"
    return found.have, str(found.status)


def log(
    placed: Placed, minutes: int = 120, on: date = DAY, kind: str = "direct", tasks: str = ""
) -> PlacementLog:
    return services.add_log(placed.worker, placed.placement, LogInput(on, minutes, kind, tasks))


def actions() -> list[str]:
    return list(session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("placement.%"))))


def test_opens_only_when_the_gate_is_passed(world: Any) -> None:
    organiser, enrolment = world.actor("organiser"), world.trainees[0]
    with pytest.raises(Refused) as refused:
        services.open_placement(organiser, enrolment, agreement(world))
    assert "not passed yet" in str(refused.value.text)
    with pytest.raises(Refused):
        services.open_placement(SYSTEM, enrolment, agreement(world))
    assert actions() == []


def test_opens_by_attendance_without_naming_a_waiver(world: Any) -> None:
    trainer, enrolment = world.actor("trainer"), world.trainees[0]
    sessions = session.scalars(
        select(Session).where(Session.course_id == world.course.id).order_by(Session.number)
    ).all()
    for one in sessions[:8]:
        save_register(trainer, one, {enrolment.id: MarkInput(MarkKind.PRESENT)})
    placement = services.open_placement(world.actor("organiser"), enrolment, agreement(world))
    assert placement.opened_by_waiver_id is None
    assert len(placement.functions_in) == len(placement.functions_out) == 7
    with pytest.raises(Refused):
        services.open_placement(world.actor("organiser"), world.trainees[1], agreement(world))


def test_a_waiver_that_opened_it_is_named(world: Any) -> None:
    waiver = waive(world.actor("organiser"), world.trainees[0], "placement", None, "Formació prèvia")
    placement = services.open_placement(world.actor("organiser"), world.trainees[0], agreement(world))
    assert placement.opened_by_waiver_id == waiver.id
    named = queries.waiver_of(waiver.id)
    assert named is not None
    assert named[2] == "Formació prèvia"


@pytest.mark.parametrize(
    "role", ["trainer", "assessor", "registrar", "reference", "other_organiser", "trainee"]
)
def test_only_organisers_of_the_provider_open(world: Any, role: str) -> None:
    waive(world.actor("organiser"), world.trainees[0], "placement", None, "Formació prèvia")
    with pytest.raises(Refused):
        services.open_placement(world.actor(role), world.trainees[0], agreement(world))


@pytest.mark.parametrize(
    "values",
    [
        {"ends_on": START - timedelta(days=1)},
        {"weekly_minutes": 0},
        {"weekly_minutes": 10_081},
        {"host_id": 999},
        {"reference_id": 999},
        {"signed_host_on": TODAY + timedelta(days=1)},
        {"service": "x" * 201},
    ],
)
def test_an_agreement_that_cannot_be(world: Any, values: dict[str, Any]) -> None:
    waive(world.actor("organiser"), world.trainees[0], "placement", None, "Formació prèvia")
    with pytest.raises(Invalid) as invalid:
        services.open_placement(world.actor("organiser"), world.trainees[0], agreement(world, **values))
    assert len(invalid.value.problems) == 1


def test_the_reference_professional_holds_that_role_and_is_somebody_else(world: Any) -> None:
    waive(world.actor("organiser"), world.trainees[0], "placement", None, "Formació prèvia")
    for person_id in (world.trainer.id, world.trainees[0].person_id):
        with pytest.raises(Invalid):
            services.open_placement(
                world.actor("organiser"), world.trainees[0], agreement(world, reference_id=person_id)
            )


def test_two_placements_of_a_person_do_not_overlap(placed: Placed) -> None:
    with pytest.raises(Invalid):
        services.open_placement(
            placed.organiser, placed.world.trainees[0], agreement(placed.world, starts_on=END, ends_on=END)
        )
    after = END + timedelta(days=1)
    services.open_placement(
        placed.organiser, placed.world.trainees[0], agreement(placed.world, starts_on=after, ends_on=after)
    )


def test_hours_count_once_they_are_signed_off(placed: Placed) -> None:
    entry = log(placed, 120)
    log(placed, 60, kind="supervision")
    assert hours(placed.world) == ("0", "not_yet")
    assert services.sign_off(placed.reference, placed.placement, [entry.id]) == 1
    assert hours(placed.world) == ("120", "not_yet")
    assert services.sign_off(placed.reference, placed.placement, [entry.id]) == 0
    assert actions() == ["placement.opened", "placement.logged", "placement.logged", "placement.signed_off"]


def test_met_at_exactly_the_required_minutes(placed: Placed) -> None:
    ids = []
    for number in range(26):
        ids.append(log(placed, 600, on=START + timedelta(days=number)).id)
    services.sign_off(placed.reference, placed.placement, ids[:-1])
    last = services.add_log(placed.worker, placed.placement, LogInput(START, 1, "team"))
    services.sign_off(placed.reference, placed.placement, [last.id])
    assert hours(placed.world) == (str(25 * 600 + 1), "not_yet")
    services.sign_off(placed.reference, placed.placement, [ids[-1]])
    assert hours(placed.world) == (str(26 * 600 + 1), "met")


@pytest.mark.parametrize("role", ["trainee", "organiser", "trainer", "admin", "other_trainee"])
def test_only_the_reference_professional_signs_off(placed: Placed, role: str) -> None:
    entry = log(placed)
    someone = actor_for_email(str(placed.world.trainees[1].person.email))
    actor = someone if role == "other_trainee" else placed.world.actor(role)
    with pytest.raises(Refused):
        services.sign_off(actor, placed.placement, [entry.id])
    with pytest.raises(Refused):
        services.sign_off(SYSTEM, placed.placement, [entry.id])


def test_sign_off_is_all_or_none(placed: Placed) -> None:
    other = place(placed.world, 1)
    mine = log(placed)
    theirs = services.add_log(placed.organiser, other, LogInput(DAY, 60, "direct"))
    with pytest.raises(Missing):
        services.sign_off(placed.reference, placed.placement, [mine.id, theirs.id])
    assert hours(placed.world) == ("0", "not_yet")


@pytest.mark.parametrize(
    "entry",
    [
        LogInput(TODAY + timedelta(days=1), 60, "direct"),
        LogInput(START - timedelta(days=1), 60, "direct"),
        LogInput(DAY, 0, "direct"),
        LogInput(DAY, 1441, "direct"),
        LogInput(DAY, 60, "holidays"),
        LogInput(DAY, 60, "direct", "x" * 2001),
        LogInput(DAY, 30, "direct", "Grup"),
        LogInput(DAY, 1400, "team"),
    ],
)
def test_hours_that_cannot_be_logged(placed: Placed, entry: LogInput) -> None:
    log(placed, 60, tasks="Grup")
    with pytest.raises(Invalid):
        services.add_log(placed.worker, placed.placement, entry)


def test_the_database_backs_that_an_entry_is_there_once(placed: Placed) -> None:
    entry = log(placed)
    with pytest.raises(IntegrityError), transaction() as current:
        current.add(
            PlacementLog(
                placement_id=entry.placement_id,
                on=entry.on,
                kind=entry.kind,
                minutes=5,
                tasks="",
                tasks_key=entry.tasks_key,
            )
        )


def test_what_is_signed_off_stays(placed: Placed) -> None:
    entry = log(placed)
    services.change_log(placed.worker, placed.placement, entry.id, LogInput(DAY, 90, "team", "Reunió"))
    services.sign_off(placed.reference, placed.placement, [entry.id])
    for change in (
        lambda: services.change_log(placed.worker, placed.placement, entry.id, LogInput(DAY, 60, "direct")),
        lambda: services.remove_log(placed.organiser, placed.placement, entry.id),
    ):
        with pytest.raises(Refused):
            change()


def test_disputed_hours_do_not_count_until_cleared_up(placed: Placed) -> None:
    entry = log(placed, 120)
    services.sign_off(placed.reference, placed.placement, [entry.id])
    services.dispute(placed.worker, placed.placement, entry.id, "Eren tres hores")
    assert hours(placed.world) == ("0", "not_yet")
    with pytest.raises(Refused):
        services.sign_off(placed.reference, placed.placement, [entry.id])
    with pytest.raises(Refused):
        services.withdraw_dispute(placed.reference, placed.placement, entry.id)
    services.change_log(placed.organiser, placed.placement, entry.id, LogInput(DAY, 180, "direct"))
    assert hours(placed.world) == ("0", "not_yet")
    services.sign_off(placed.reference, placed.placement, [entry.id])
    assert hours(placed.world) == ("180", "not_yet")
    services.dispute(placed.worker, placed.placement, entry.id, "Altre cop")
    services.withdraw_dispute(placed.worker, placed.placement, entry.id)
    assert hours(placed.world) == ("180", "not_yet")


def test_the_reference_professional_disputes_and_signs_later(placed: Placed) -> None:
    entry = log(placed)
    services.dispute(placed.reference, placed.placement, entry.id, "Aquell dia no hi eres")
    assert services.sign_off(placed.reference, placed.placement, [entry.id]) == 1
    with pytest.raises(Refused):
        services.dispute(placed.organiser, placed.placement, entry.id, "Jo tampoc ho veig")


def test_the_audit_holds_no_free_text(placed: Placed) -> None:
    entry = log(placed, tasks="Acompanyament al CAP")
    services.dispute(placed.worker, placed.placement, entry.id, "Secret de dispute")
    services.record_follow_up(placed.reference, placed.placement, DAY, True, note="Secret de nota")
    text = " ".join(str(details) for details in session.scalars(select(AuditEntry.details)))
    assert "Secret" not in text
    assert "CAP" not in text


def test_follow_ups_are_one_a_week_and_corrected(placed: Placed) -> None:
    first = services.record_follow_up(placed.reference, placed.placement, DAY, True, note="Va bé")
    assert (first.week_starts_on, first.minutes, first.private_note) == (START, 60, "Va bé")
    again = services.record_follow_up(placed.worker, placed.placement, START, False)
    assert (again.held, again.minutes, again.private_note) == (False, 0, "Va bé")
    assert len(session.scalars(select(FollowUp)).all()) == 1
    with pytest.raises(Refused):
        services.record_follow_up(placed.organiser, placed.placement, DAY, True, note="Jo també")
    services.record_follow_up(placed.organiser, placed.placement, DAY, True)
    with pytest.raises(Invalid):
        services.record_follow_up(placed.reference, placed.placement, TODAY + timedelta(days=7), True)
    with pytest.raises(Invalid):
        services.record_follow_up(placed.reference, placed.placement, START - timedelta(days=1), True)
    with pytest.raises(Refused):
        services.record_follow_up(placed.world.actor("trainer"), placed.placement, DAY, True)


def test_a_pause_stops_the_clocks(placed: Placed) -> None:
    log(placed, 1200)
    before = queries.line_of(placed.placement.id)
    services.pause_placement(placed.organiser, placed.placement, date(2026, 10, 19))
    paused = queries.line_of(placed.placement.id)
    # Two weeks of 20 h in all; without the pause it would be six and a bit.
    assert paused.average == 600
    assert before.average is not None
    assert before.average < 600
    assert len(paused.due) == 2 < len(before.due)
    with pytest.raises(Invalid):
        log(placed, on=date(2026, 10, 20))
    services.resume_placement(placed.organiser, placed.placement, date(2026, 11, 2))
    log(placed, on=date(2026, 11, 2))
    with pytest.raises(Invalid):
        services.pause_placement(placed.organiser, placed.placement, date(2026, 11, 1))


def test_closing_keeps_the_hours_and_moves_the_end(placed: Placed) -> None:
    entry = log(placed, on=date(2026, 11, 10))
    with pytest.raises(Invalid):
        services.close_placement(placed.organiser, placed.placement, date(2026, 11, 9))
    services.close_placement(placed.organiser, placed.placement, date(2026, 11, 10))
    assert services.sign_off(placed.reference, placed.placement, [entry.id]) == 1
    with pytest.raises(Invalid):
        log(placed, on=date(2026, 11, 11))
    with pytest.raises(Refused):
        services.change_agreement(placed.organiser, placed.placement, agreement(placed.world))
    next_step = gate(placed.world).requirements[-1].next_step
    assert "Agree with the training team" in str(next_step)
    services.resume_placement(placed.organiser, placed.placement)
    changed = services.change_agreement(
        placed.organiser, placed.placement, agreement(placed.world, weekly_minutes=450)
    )
    assert (changed.ends_on, changed.weekly_minutes, len(changed.functions_in)) == (END, 450, 7)


def test_the_agreement_holds_every_logged_day(placed: Placed) -> None:
    log(placed)
    with pytest.raises(Invalid):
        services.change_agreement(
            placed.organiser, placed.placement, agreement(placed.world, starts_on=DAY + timedelta(days=1))
        )
    services.change_agreement(
        placed.organiser,
        placed.placement,
        agreement(placed.world, starts_on=DAY, functions_out=["Res més", " "]),
    )
    assert placed.placement.functions_out == ["Res més"]
