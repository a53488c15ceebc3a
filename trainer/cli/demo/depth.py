"""What people do between sessions in the demo: absences announced and made up, calls, evidence, an appeal; a course by another
programme; one that takes candidates. Everybody is fictional."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import make_ups, save_register
from trainer.attendance.services.notices import announce
from trainer.cli.demo import data
from trainer.cli.demo.joining import seed_joining
from trainer.cohorts import services as cohorts
from trainer.cohorts.models import Course, Enrolment
from trainer.competency import services as competency
from trainer.competency.models import Assessment
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.dossier import services as dossier
from trainer.people.models import Person
from trainer.people.services import add_person
from trainer.progress.services import ContactInput, note_contact
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import add_session, plan
from trainer.scheduling.services.holidays import public_holiday

if TYPE_CHECKING:
    from trainer.cli.demo.seed import Cast

ZONE = "Europe/Madrid"
WALKERS = (
    ("Queralt", "Nadal i Boix", "PPP"),
    ("Amadeu", "Güell i Rius", "PAP"),
    ("Leire", "Ochoa Sáenz", "PPL"),
    ("Mamadou", "Sow", "PPP"),
)


def _actor(person: Person) -> Actor:
    return Actor(person_id=person.id, name=person.display_name)


def play_between_sessions(cast: Cast, course: Course, enrolments: list[Enrolment]) -> None:
    """The second edition: one absence is announced, one made up, one agreed; two people were called; one appeals."""
    by_name = {one.email: enrolment for one, enrolment in zip(data.SECOND_EDITION, enrolments, strict=True)}
    rows = sessions_of(course.id)
    organiser = cast.actor("organiser")

    def who(given: str) -> Enrolment:
        person = next(one for one in data.SECOND_EDITION if one.given_name == given)
        return by_name[person.email]

    def missed(given: str, number: int, work: str) -> int:
        one = who(given)
        made = make_ups.ask(_actor(one.person), one.id, rows[number - 1].id, "task", task=work)
        return made.id

    teodor, gemma, raul = who("Teodor"), who("Gemma"), who("Raül")
    following = next(row for row in rows if row.starts_at > clock.now())
    announce(_actor(teodor.person), teodor.id, following.id, "absent", "appointment")
    done = missed("Ousmane", 4, "Llegir el capítol d’ètica i comentar-lo amb la formadora")
    make_ups.agree(organiser, done)
    make_ups.complete(organiser, done)
    make_ups.agree(organiser, missed("Gemma", 1, "Una trobada de dues hores amb el grup de la tarda"))
    today = clock.today(ZONE)
    saturday = today + timedelta(days=10 + (5 - (today.weekday() + 10)) % 7)
    while public_holiday("ES-CT", saturday):
        saturday += timedelta(weeks=1)
    repeated = rows[3]
    repeat = add_session(
        organiser,
        course,
        repeated.module_code,
        datetime.combine(saturday, time(10)),
        data.VENUES[0],
        extra=True,
    )
    make_ups.ask(_actor(raul.person), raul.id, repeated.id, "session", repeat.id)
    note_contact(
        organiser,
        raul,
        ContactInput(
            today - timedelta(days=2), "call", "agreed", "Vindrà amb l’autobús de les nou; li guardem lloc."
        ),
    )
    note_contact(organiser, gemma, ContactInput(today - timedelta(days=9), "message", "no_answer", "", today))
    _evidence(cast, who("Aina"))


def _evidence(cast: Cast, enrolment: Enrolment) -> None:
    """One trainee gathers evidence and asks for another look at one assessment."""
    actor = _actor(enrolment.person)
    found = session.scalars(
        select(Assessment)
        .where(Assessment.enrolment_id == enrolment.id, Assessment.kind != "self")
        .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
    ).all()
    newest = found[0]
    competency.add_evidence(
        actor,
        enrolment,
        competency.EvidenceInput(
            "note",
            [newest.competency_code],
            "Una conversa difícil",
            "Què vaig dir, què vaig callar i per què.",
        ),
    )
    competency.add_evidence(
        actor,
        enrolment,
        competency.EvidenceInput(
            "link", [newest.competency_code], "El nostre mural", url="https://example.org/mural"
        ),
    )
    competency.appeal(actor, enrolment.course.code, newest.id, "A la sessió vaig mostrar més del que hi diu.")


def play_another_programme(cast: Cast, today: date) -> None:
    """A small course by the rules of another programme: longer modules, a fixed order, a portfolio, a presentation."""
    from trainer.cli.demo.seed import _noon, at

    start = today - timedelta(weeks=3, days=today.weekday())
    with at(_noon(start - timedelta(weeks=4))):
        course = cohorts.create_course(
            cast.system,
            code="CAMINS-1",
            programme="ex-in",
            organisation=data.PROVIDER[0],
            university=data.UNIVERSITY[0],
            title="Camins, 1a edició",
            starts_on=start,
            timezone=ZONE,
            specimen=True,
            support_contact=cast.people["organiser"],
        )
        plan(cast.system, course, first=start, time=time(9), venues=[data.VENUES[1]])
        enrolments = []
        for given, family, _ in WALKERS:
            person = add_person(
                cast.system,
                given_name=given,
                family_name=family,
                email=f"{given.lower()}.camins@example.org",
                language="ca",
            )
            enrolments.append(cohorts.enrol(cast.actor("organiser"), course, person, joined_on=start))
    with at(_noon(start)):
        for enrolment in enrolments:
            cohorts.give_consent(_actor(enrolment.person), enrolment)
        cohorts.update_course(cast.actor("organiser"), course, status="running")
    kinds = {"P": MarkKind.PRESENT, "A": MarkKind.ABSENT, "L": MarkKind.LATE}
    for index, row in enumerate(sessions_of(course.id)[:3]):
        end = row.starts_at + timedelta(minutes=row.minutes)
        if end > clock.now():
            break
        marks = {
            enrolment.id: MarkInput(kinds[letters[index]], 200 if letters[index] == "L" else None)
            for (_, _, letters), enrolment in zip(WALKERS, enrolments, strict=True)
        }
        with at(end):
            save_register(cast.actor("trainer"), session.get_one(Session, row.id), marks)
    first = enrolments[0]
    dossier.hand_in(_actor(first.person), first, "portfolio", "traces", words="El meu mapa, en sis dibuixos.")
    dossier.answer(
        cast.actor("assessor"), first, "portfolio", "traces", accept=True, words="Gràcies per compartir-ho."
    )
    dossier.hand_in(_actor(first.person), first, "portfolio", "qualities", words="Escoltar sense pressa.")


def play_joining(cast: Cast, today: date) -> None:
    """The third edition, two months ahead, takes candidates."""
    from trainer.cli.demo.seed import at

    start = today + timedelta(days=58)
    start -= timedelta(days=(start.weekday() - 1) % 7)
    with at(datetime.now(UTC) - timedelta(days=5)):
        course = cohorts.create_course(
            cast.system,
            code="SUPORT-3",
            programme="peer-support-worker",
            organisation=data.PROVIDER[0],
            university=data.UNIVERSITY[0],
            title="Suport entre iguals, 3a edició",
            starts_on=start,
            timezone=ZONE,
            specimen=True,
            support_contact=cast.people["organiser"],
        )
    seed_joining(
        course,
        cast.actor("organiser"),
        cast.actor("supervisor"),
        cast.organisations[data.ENTITIES[0][0]].id,
        cast.organisations[data.HOSTS[0][0]].id,
    )
