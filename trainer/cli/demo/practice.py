"""The placements of the demo: agreements, weeks of log, follow-ups."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from trainer.cli.demo import data
from trainer.cohorts.models import Course, Enrolment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.placement import services as placement

if TYPE_CHECKING:
    from trainer.cli.demo.seed import Cast

WEEKS = 26
# A week of ten hours, in minutes: what, when after Monday, how long.
WEEK = (
    ("direct", 1, 300, "Acompanyament i grup de suport"),
    ("team", 2, 60, "Reunió d’equip"),
    ("direct", 3, 240, "Acompanyament al territori"),
)


def play_placements(
    cast: Cast, course: Course, people: tuple[data.Trainee, ...], enrolments: list[Enrolment], start: date
) -> None:
    """Opens a placement for everybody whose story has one, and fills it until today."""
    start -= timedelta(days=start.weekday())
    for number, (one, enrolment) in enumerate(zip(people, enrolments, strict=True)):
        if one.story not in ("completed", "in_placement", "waiver"):
            continue
        begins = start if one.story != "in_placement" else start + timedelta(weeks=14)
        _placement(cast, enrolment, data.HOSTS[number % 2][0], begins, one.story)


def _placement(cast: Cast, enrolment: Enrolment, host: str, start: date, story: str) -> None:
    from trainer.cli.demo.seed import at

    def moment(day: date) -> datetime:
        return datetime.combine(day, time(17), UTC)

    reference = cast.people[host]
    signed = start - timedelta(days=3)
    inside, outside = placement.default_functions("ca")
    with at(moment(signed)):
        agreement = placement.open_placement(
            cast.actor("organiser"),
            enrolment,
            placement.Agreement(
                host_id=cast.organisations[host].id,
                starts_on=start,
                ends_on=start + timedelta(weeks=WEEKS + 2, days=4),
                weekly_minutes=600,
                service="Servei de rehabilitació comunitària",
                reference_id=reference.id,
                contacts="Recepció del servei, de 9 a 14 h",
                equipment="Telèfon i clau de la sala",
                functions_in=inside,
                functions_out=outside,
                signed_worker_on=signed,
                signed_host_on=signed,
                signed_provider_on=signed,
            ),
        )
    today = clock.today()
    worker = Actor(person_id=enrolment.person_id, account_id=0, name=enrolment.person.display_name)
    for week in range(WEEKS):
        monday = start + timedelta(weeks=week)
        if monday + timedelta(days=6) > today:
            break
        # The hours of the last two weeks wait for a signature.
        recent = monday + timedelta(weeks=2) > today
        with at(moment(monday + timedelta(days=5))):
            ids = [
                placement.add_log(
                    worker,
                    agreement,
                    placement.LogInput(monday + timedelta(days=offset), minutes, kind, tasks),
                ).id
                for kind, offset, minutes, tasks in WEEK
            ]
            if not recent:
                actor = cast.actor(host)
                placement.sign_off(actor, agreement, ids)
                placement.record_follow_up(actor, agreement, monday, held=week % 9 != 8)
    if story == "completed":
        with at(moment(monday + timedelta(days=12))):
            placement.close_placement(cast.actor("organiser"), agreement, monday + timedelta(days=6))
