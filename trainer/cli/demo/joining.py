"""The demo's open course: candidates at every step of the way. Everybody is fictional."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from trainer.cohorts.models import Course
from trainer.core import clock
from trainer.core.access import Actor
from trainer.joining import services
from trainer.joining.models import Candidate
from trainer.joining.queries import candidate_by_email
from trainer.joining.services import Application, InfoInput, OpeningInput, ReferenceInput

WELCOME = {
    "ca": "Has viscut un procés de recuperació i t’agradaria acompanyar altres persones? Aquest curs et prepara per fer "
    "suport entre iguals, amb calma i en grup.",
    "es": "¿Has vivido un proceso de recuperación y te gustaría acompañar a otras personas? Este curso te prepara para el "
    "entre iguales, con calma y en grupo.",
    "en": "Have you lived through a recovery of your own, and would you like to walk beside others? This course prepares you "
    "for peer support, calmly and in a group.",
}
ANSWERS = {
    "pay": {
        "ca": "El curs és gratuït. Durant la formació no es cobra; la pràctica es compensa amb una beca de transport.",
        "es": "El curso es gratuito. Durante la formación no se cobra; la práctica se compensa con una beca de transporte.",
        "en": "The course costs nothing. The training is not paid; a travel grant covers the work practice.",
    },
    "benefits": {
        "ca": "Assistir al curs no afecta cap prestació. Abans de treballar, una treballadora social mira amb tu el teu cas.",
        "es": "Asistir al curso no afecta a ninguna prestación. Antes de trabajar, una trabajadora social lo mira contigo.",
        "en": "Coming to the course touches no benefit. Before you work, a social worker looks at your own case with you.",
    },
    "unwell": {
        "ca": "Pots descansar, faltar o fer una pausa i tornar. No cal explicar per què; una persona de suport és "
        "a la teva disposició.",
        "es": "Puedes descansar, faltar o hacer una pausa y volver. No hace falta explicar por qué; hay una persona de apoyo.",
        "en": "You can rest, stay away, or pause and come back. You need not say why; one support person is there for you.",
    },
    "adjustments": {
        "ca": "Sí: pauses, lletra gran, un lloc tranquil, venir amb algú. Digues-nos què et va bé.",
        "en": "Yes: breaks, large print, a quiet place, bringing somebody. Tell us what helps.",
    },
    "supervision": {
        "ca": "Una formadora amb experiència pròpia i, a la pràctica, un professional de referència una hora cada setmana.",
        "en": "A trainer with lived experience and, in the work practice, a reference professional for an hour every week.",
    },
    "time": {
        "ca": "Deu matins de quatre hores, un per setmana. Després, mig any de pràctica, unes deu hores per setmana.",
        "en": "Ten mornings of four hours, one a week. Then half a year of work practice, about ten hours a week.",
    },
    "travel": {
        "ca": "Alternem Manresa i Vic. Paguem el transport públic entre les dues ciutats.",
        "en": "We take turns between Manresa and Vic, and pay for public transport between the two.",
    },
    "afterwards": {
        "ca": "La universitat certifica el que has après. Alguns serveis contracten; ningú no ho pot prometre.",
        "en": "The university certifies what you learned. Some services hire; nobody can promise it.",
    },
}


def seed_joining(course: Course, organiser: Actor, professional: Actor, entity_id: int, host_id: int) -> None:
    """Opens `course` (not begun yet, nobody on it) to candidates, with one or two at every step.

    `professional` is a reference professional of the organisation `host_id`; one of two places is kept
    for whom it proposes; `entity_id` sends one of the others.
    """
    today = clock.today(course.timezone)
    services.save_opening(
        organiser,
        course,
        OpeningInput(
            opens_on=today - timedelta(days=20),
            closes_on=today + timedelta(days=25),
            keep_until=max(course.starts_on, today) + timedelta(weeks=12),
            places=2,
            references_asked=1,
            kept={host_id: 1},
            answers=ANSWERS,
            welcome=WELCOME,
        ),
    )
    first = datetime.combine(today + timedelta(days=6), time(17, 30))
    info = services.save_info_session(
        organiser, course, InfoInput(first, 60, "Casal Cardener, Manresa", "", 12)
    )
    services.save_info_session(
        organiser,
        course,
        InfoInput(first + timedelta(days=7), 60, "", "https://reunions.example.org/suport", 20),
    )
    laia, martí, noor, elies, tura = (
        _interested(course, name, family)
        for name, family in (
            ("Laia", "Brunet i Soler"),
            ("Martí", "Oms Casals"),
            ("Noor", "Haddad"),
            ("Elies", "Vinyoles Prat"),
            ("Tura", "Clarà i Bosch"),
        )
    )
    services.choose_session(laia, info.id)
    for one, friend in ((martí, "Berta Pons"), (noor, "Carles Ametller"), (elies, "Dora Quintana")):
        _applied(one, friend)
    services.set_entity(organiser, noor, entity_id)
    services.decide(organiser, noor, "offered")
    services.decide(organiser, elies, "waiting")
    services.withdraw(tura)
    services.propose(
        professional,
        course,
        given_name="Jan",
        family_name="Rierola",
        email="jan.rierola@example.org",
        language="ca",
        entity_id=host_id,
        confirmed=True,
    )


def _interested(course: Course, given_name: str, family_name: str) -> Candidate:
    email = f"candidat.{given_name.lower().replace('í', 'i')}@example.org"
    services.leave_interest(
        course, given_name=given_name, family_name=family_name, email=email, language="ca"
    )
    found = candidate_by_email(course.id, email)
    assert found is not None
    return found


def _applied(one: Candidate, friend: str) -> None:
    services.apply(
        one,
        Application(
            motivation="M’agradaria acompanyar altres persones, com algú em va acompanyar a mi.",
            adjustments="Una pausa cada hora, si pot ser.",
            language="ca",
            references=[ReferenceInput(friend, f"{friend.split()[0].lower()}@example.org", "Entitat")],
            consent=True,
        ),
    )
