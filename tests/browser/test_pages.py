"""Every page of every kind of user: on a wide screen, on the narrowest phone, and in the dark."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import DESKTOP, LOOKS, NARROW, Open, Served, faults

ONE = "/courses/SUPORT-1"
TWO = "/courses/SUPORT-2"
PROGRAMME = "/programmes/peer-support-worker"

# Numbers are those of the demo, which makes everything in the same order every time.
MARCELLA, SILVIA, AINA, CARME, QUIM, ESTELLA = 1, 11, 17, 27, 32, 23
PLACEMENT_SILVIA, PLACEMENT_ESTELLA = 11, 12
PROPOSAL = 22
THREE, CAMINS = "/courses/SUPORT-3", "/courses/CAMINS-1"
WALKER = 33  # the first person of the course by another programme
REPEAT = 11  # of session 4
ASKED = 3  # somebody asked to make something up there
PILE = (
    f"{TWO}/what-if?c=mark-6-21-absent&c=makeup-2-25&c=cancel-8&c=mark-9-all-late-30"
    "&person=18&session=7&mark=present&at_least=70"
)

VISITOR = [
    "/",
    "/login",
    "/forgotten-password",
    "/invitations/none",
    "/verify",
    "/verify/valid",
    "/verify/revoked",
    "/verify/superseded",
    "/verify/unknown",
    "/join/SUPORT-3",
    "/join/SUPORT-3/thanks",
    "/nowhere",
]
EVERYBODY = ["/account", "/account/password", "/account/confirm", "/me"]
PROGRAMMES = [
    "/programmes",
    PROGRAMME,
    f"{PROGRAMME}/modules/1",
    f"{PROGRAMME}/modules/6",
    f"{PROGRAMME}/modules/10",
]
ORGANISER = [
    "/",
    "/courses",
    "/courses/new",
    ONE,
    TWO,
    f"{TWO}/settings",
    f"{TWO}/people",
    f"{TWO}/people/add",
    f"{TWO}/people/import",
    f"{TWO}/people/{AINA}",
    f"{TWO}/people/{QUIM}",
    f"{TWO}/people/{CARME}/progress",
    f"{TWO}/people/{CARME}/waivers",
    f"{TWO}/people/{ESTELLA}/waivers",
    f"{TWO}/people/{ESTELLA}/placement",
    f"{TWO}/people/{AINA}/placement",
    f"{TWO}/people/{AINA}/competencies",
    f"{TWO}/sessions",
    f"{TWO}/sessions/new",
    f"{TWO}/sessions/plan",
    f"{TWO}/sessions/import",
    f"{TWO}/sessions/5",
    f"{TWO}/sessions/7",
    f"{TWO}/sessions/7/edit",
    f"{TWO}/sessions/7/move",
    f"{TWO}/sessions/7/cancel",
    f"{TWO}/sessions/7/trainers",
    f"{TWO}/attendance/import",
    f"{TWO}/competencies",
    f"{TWO}/competencies/import",
    f"{TWO}/progress",
    f"{ONE}/progress",
    f"{ONE}/people/{SILVIA}/progress",
    f"{ONE}/placements",
    f"{TWO}/placements",
    f"{TWO}/placements/open",
    f"{ONE}/placements/import",
    f"/placements/{PLACEMENT_SILVIA}",
    f"/placements/{PLACEMENT_SILVIA}/change",
    f"/placements/{PLACEMENT_SILVIA}/agreement",
    f"{ONE}/accreditation",
    f"{ONE}/accreditation?kind=completion",
    f"{TWO}/accreditation",
    f"{ONE}/report",
    f"{TWO}/report",
    "/venues",
    "/venues/1",
    "/venues/new",
    "/me/calendar",
]
# Attendance, progress and competencies at depth; the organiser too, but a sweep of its own.
DEPTH = [
    f"{TWO}/care",
    f"{TWO}/people/{AINA}/contacts",
    f"{TWO}/what-if?person=all&session=6&mark=absent&at_least=75",
    PILE,
    f"{TWO}/sessions/{REPEAT}",
    f"{TWO}/sessions/{REPEAT}/register",
    f"{TWO}/sessions/{REPEAT}/register/print",
    f"{TWO}/sessions/new?repeat=4",
    f"{TWO}/version",
    f"{TWO}/absences",
    f"{TWO}/absences/make-ups",
    f"{TWO}/absences/make-ups/1",
    f"{TWO}/absences/make-ups/{ASKED}",
    f"{TWO}/people/{AINA}/absences",
    f"{TWO}/people/{AINA}/transfer",
    f"{TWO}/people/{AINA}/progress",
    f"{TWO}/sheet",
    f"{TWO}/competencies/sessions",
    f"{TWO}/competencies/sessions/3",
    f"{TWO}/competencies/reviews",
    f"{TWO}/competencies/appeals/1",
    f"{TWO}/people/{AINA}/evidence",
    f"{TWO}/people/{AINA}/portfolio",
    f"{CAMINS}/progress",
    f"{CAMINS}/people/{WALKER}/progress",
    f"{CAMINS}/dossier",
    f"{CAMINS}/dossier/decisions/presentation",
    f"{CAMINS}/people/{WALKER}/dossier",
    f"{THREE}/joining",
    f"{THREE}/joining/opening",
    f"{THREE}/joining/add",
    f"{THREE}/joining/candidates/1",
    f"{THREE}/joining/close",
    f"{THREE}/joining/sessions/1",
    "/programmes/ex-in",
    "/programmes/cert-iv-mental-health-peer-work",
]
TRAINER = [
    "/",
    TWO,
    f"{TWO}/sessions/6",
    f"{TWO}/sessions/6/register",
    f"{TWO}/sessions/5/register",
    f"{TWO}/sessions/5/register/{AINA}",
    f"{TWO}/sessions/6/register/print",
    f"{TWO}/people/{AINA}/competencies/2",
]
ASSESSOR = [
    "/",
    f"{TWO}/competencies",
    f"{ONE}/people/{SILVIA}/competencies",
    f"{TWO}/people/{AINA}/competencies/1",
]
REGISTRAR = [
    "/",
    "/registry",
    f"/registry{ONE}",
    f"/registry{TWO}",
    f"/registry/proposals/{PROPOSAL}",
    "/registry/universities/UCX/certificates",
    "/registry/universities/UCX/certificates?serial=UCX-1999",
    "/registry/universities/UCX/profile",
    "/registry/universities/UCX/programmes/peer-support-worker",
    "/registry/certificates/UCX-2026-000001",
    "/registry/certificates/UCX-2026-000002",
    "/registry/certificates/UCX-2026-000011",
]
REFERENCE = [
    "/",
    "/placements",
    f"/placements/{PLACEMENT_SILVIA}",
    f"/placements/{PLACEMENT_SILVIA}?show=waiting",
    f"/placements/{PLACEMENT_ESTELLA}",
    f"/placements/{PLACEMENT_ESTELLA}/agreement",
    f"/placements/{PLACEMENT_SILVIA}/competencies",
    f"/placements/{PLACEMENT_SILVIA}/competencies/1",
    "/candidates",
    "/candidates/propose",
]
TRAINEE = [
    *EVERYBODY,
    "/me/courses",
    "/me/courses/SUPORT-2",
    "/me/courses/SUPORT-2/consent",
    "/me/courses/SUPORT-2/competencies",
    "/me/courses/SUPORT-2/competencies/1",
    "/me/courses/SUPORT-2/absences",
    "/me/courses/SUPORT-2/sessions/7/absence",
    "/me/courses/SUPORT-2/evidence",
    "/me/courses/SUPORT-2/evidence/add/note",
    "/me/courses/SUPORT-2/appeals",
    "/me/courses/SUPORT-2/portfolio",
    "/me/absence-notes",
    "/me/calendar",
    "/me/placement",
    "/me/certificates",
    f"{PROGRAMME}/modules/5",
]
GRADUATE = [
    "/me",
    "/me/courses/SUPORT-1",
    "/me/courses/SUPORT-1/competencies",
    "/me/placement",
    "/me/certificates",
]
ADMIN = [
    "/",
    "/admin/people",
    "/admin/people/new",
    "/admin/people/1",
    "/admin/people/3",
    "/admin/organisations",
    "/admin/organisations/UCX",
    "/admin/audit",
]
PAGES = {
    "visitor": VISITOR,
    "organiser": ORGANISER + PROGRAMMES,
    "organiser at depth": DEPTH,
    "trainer": TRAINER,
    "assessor": ASSESSOR,
    "registrar": REGISTRAR,
    "supervisor": REFERENCE,
    "trainee": TRAINEE,
    "graduate": GRADUATE,
    "admin": ADMIN,
}
NOT_FOUND = {"/verify/unknown", "/nowhere", "/invitations/none"}


def codes(served: Served) -> dict[str, str]:
    """A verification code for each status that the demo has."""
    listed = json.loads(served.command("certificates", "list", "SUPORT-1", "--format", "json").stdout)
    return {f"/verify/{one['status']}": f"/verify/{one['code']}" for one in listed}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("role", PAGES)
def test_every_page(role: str, open_as: Open, served: Served) -> None:
    """Scanned twice: wide and light, narrow and dark; looked at narrow and light between."""
    page = open_as(role.split()[0])
    verify = codes(served) if role == "visitor" else {}
    wrong: list[str] = []
    for address in PAGES[role]:
        name = (
            f"{role.replace(' ', '-')}{address.replace('/', '-').replace('?', '-').replace('=', '-')}".rstrip(
                "-"
            )
        )
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        page.emulate_media(color_scheme="light")
        answer = page.goto(verify.get(address, address))
        expected = 404 if address in NOT_FOUND else 200
        if answer is None or answer.status != expected:
            wrong.append(f"{role} {address}: {answer.status if answer else 'no answer'}")
            continue
        wrong += faults(page, f"{name}.wide")
        page.set_viewport_size(NARROW)  # type: ignore[arg-type]
        wrong += faults(page, f"{name}.narrow", None)
        page.emulate_media(color_scheme="dark")
        wrong += faults(page, f"{name}.dark", LOOKS)
    assert not wrong, "\n".join(wrong)
