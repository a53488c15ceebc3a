"""Calls, the log of contacts, what if and the exports, over HTTP and through the services."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import html5lib
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.factories.registers import ABSENT, EXCUSED, hold, late
from tests.factories.world import SYSTEM, make_world
from trainer.attendance.models import AbsenceNotice
from trainer.attendance.rules import MarkFact, MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.audit.models import AuditEntry
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Refused
from trainer.progress.models import ContactNote
from trainer.progress.queries import contact_log, load, needs_call, progress, supposing
from trainer.progress.rules import cells, follow_ups
from trainer.progress.rules.what_if import MarkIf, RulesIf, WhatIf, moves
from trainer.progress.services import ContactInput, note_contact
from trainer.scheduling.models import Session
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import cancel


def ok(response, status=200):
    assert response.status_code == status, response.text
    html5lib.HTMLParser(strict=True).parse(response.text)
    assert "style=" not in response.text and "%(" not in response.text
    return response.text


def contact(**values):
    today = clock.today()
    return ContactInput(**{"on": today, "channel": "call", "outcome": "reached", **values})


def lost(world):
    """The first trainee missed too much; the others were there."""
    hold(world, range(1, 4), {(0, number): ABSENT for number in range(1, 4)})


def test_a_contact_is_appended_audited_and_makes_one_wait(world):
    lost(world)
    (call,) = needs_call(progress(world.course))
    assert call.state == "now" and call.offers
    note_contact(world.actor("trainer"), world.trainees[0], contact(outcome="no_answer"))
    assert needs_call(progress(world.course))[0].state == "now"
    note = note_contact(world.actor("organiser"), world.trainees[0], contact(agreed=" Comes by train. "))
    assert note.agreed == "Comes by train."
    assert needs_call(progress(world.course))[0].state == "waiting"
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.action == "contact.noted" and "train" not in str(entry.details)
    assert [one.outcome for one in contact_log(world.course.id)] == ["reached", "no_answer"]


def test_who_was_to_be_asked_again_comes_first(world):
    lost(world)
    today = clock.today()
    later = contact(on=today - timedelta(days=3), again_on=today + timedelta(days=2))
    note_contact(world.actor("organiser"), world.trainees[0], later)
    assert needs_call(progress(world.course))[0].state == "waiting"
    for one in (world.trainees[0], world.trainees[1]):
        note_contact(world.actor("organiser"), one, contact(on=today - timedelta(days=3), again_on=today))
    found = progress(world.course)
    assert needs_call(found)[0].state == "due"
    assert {one.enrolment_id for one in follow_ups(found)} == {one.id for one in world.trainees[:2]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"on": date(2100, 1, 1)},
        {"on": date(2001, 1, 1)},
        {"channel": "pigeon"},
        {"outcome": "agreed"},
        {"agreed": "x" * 501},
        {"again_on": date(2001, 1, 1)},
    ],
)
def test_what_is_not_a_contact(world, wrong):
    with pytest.raises(Invalid) as raised:
        note_contact(world.actor("organiser"), world.trainees[0], contact(**wrong))
    assert raised.value.problems


def test_who_may_not_write_one_down(world):
    for role in ("assessor", "trainee", "other_organiser", "registrar"):
        with pytest.raises(Refused):
            note_contact(world.actor(role), world.trainees[0], contact())
    with pytest.raises(Refused):
        note_contact(SYSTEM, world.trainees[0], contact())
    assert session.scalars(select(ContactNote)).all() == []


def test_what_they_announced_themselves_is_a_reason(world):
    hold(world, range(1, 4), {(0, 2): ABSENT})
    assert needs_call(progress(world.course)) == []
    ahead = [row for row in sessions_of(world.course.id) if row.status == "planned"]
    with transaction(), clock.frozen(ahead[0].starts_at - timedelta(days=3)):
        for row in ahead[:2]:
            session.add(
                AbsenceNotice(enrolment_id=world.trainees[0].id, session_id=row.id, announced_at=clock.now())
            )
    with clock.frozen(ahead[0].starts_at - timedelta(days=2)):
        found = progress(world.course)
        (call,) = needs_call(found)
    assert call.kind == "at_risk" and "They announced" in str(call.reasons[0])
    assert len(call.known) == 2
    assert [one.kind for one in cells(found, found.people[0])].count("announced") == 2


def test_the_pages_of_care(world, client_as):
    lost(world)
    organiser = client_as("organiser")
    key = world.trainees[0].id
    page = ok(organiser.get("/courses/TEST-1/care"))
    assert "is out of reach as things stand" in page and "Their own page tells them already" in page
    address = f"/courses/TEST-1/people/{key}/contacts"
    assert "Write nothing about health" in ok(organiser.get(address))
    values = {"on": clock.today().isoformat(), "channel": "call", "outcome": "agreed"}
    assert "Write what the two of you agreed" in ok(organiser.post(address, data=values), 422)
    assert organiser.post(address, data=values | {"agreed": "=1+1"}).status_code == 303
    page = ok(organiser.get("/courses/TEST-1/care"))
    assert "Contacted, waiting" in page and "=1+1" in page
    assert "Write down a contact" in ok(organiser.get(f"/courses/TEST-1/people/{key}/progress"))
    for name in ("care", "contacts"):
        assert "\n=1" not in organiser.get(f"/courses/TEST-1/{name}.csv").data.decode("utf-8-sig")
        book = load_workbook(BytesIO(organiser.get(f"/courses/TEST-1/{name}.xlsx").data))
        assert book.active.max_row == 2


def test_who_is_shown_and_in_which_order(world, client_as):
    lost(world)
    organiser = client_as("organiser")
    page = ok(organiser.get("/courses/TEST-1/progress?call=1&sort=attendance"))
    assert page.count("<tr") == 2 and "1 of 3 people" in page
    assert ok(organiser.get("/courses/TEST-1/progress?gate=placement&status=not_yet")).count("<tr") == 3
    assert "Nobody fits" in ok(organiser.get("/courses/TEST-1/progress?entity=Nowhere"))
    rows = organiser.get("/courses/TEST-1/progress.csv?call=1").data.decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    ok(organiser.get("/courses/TEST-1/progress?sort=nonsense&gate=nothing&status=met"))


def test_what_if_over_http_writes_nothing(world, client_as, count_queries):
    hold(world, range(1, 4), {(0, 2): ABSENT, (1, 1): EXCUSED})
    organiser = client_as("organiser")
    address = "/courses/TEST-1/what-if"
    assert "0 people move" not in ok(organiser.get(address))
    person = world.trainees[0].id
    page = ok(organiser.get(f"{address}?person=all&session=4&mark=absent&at_least=95"))
    assert "3 people move" in page and "Nothing is saved" in page
    page = ok(organiser.get(f"{address}?who={person}&made_up=2&excused=credited&cancel=9&at_most=9"))
    assert "0 people move" in page
    for wrong in (
        "mark=late&person=1&session=1",
        "at_least=abc",
        "at_most=x",
        f"who={person}",
        "mark=absent",
    ):
        ok(organiser.get(f"{address}?{wrong}"), 422)
    with count_queries() as seen:
        organiser.get(f"{address}?at_least=95")
    assert [one for one in seen.statements if one.startswith(("INSERT", "UPDATE"))] == [
        one for one in seen.statements if "access_log" in one
    ]


def test_what_is_supposed_piles_up_in_the_address(world, client_as, count_queries):
    hold(world, range(1, 4), {(0, 2): ABSENT})
    organiser, address = client_as("organiser"), "/courses/TEST-1/what-if"
    one, two, _three = (person.id for person in world.trainees)
    added = (
        f"{address}?c=mark-2-{one}-present&c=cancel-9&person={two}&session=3&mark=late&minutes=20&at_least=75"
    )
    page = ok(organiser.get(added))
    for token in (f"mark-2-{one}-present", "cancel-9", f"mark-3-{two}-late-20"):
        assert f'name="c" value="{token}"' in page
    assert page.count("Take away") == 4 and "Mark" in page
    # the later change on one place holds
    page = ok(organiser.get(f"{address}?c=mark-2-{one}-present&c=mark-2-{one}-absent"))
    assert page.count('name="c"') == 1 and f"mark-2-{one}-absent" in page
    many = "&".join(f"c=mark-{number}-{who}-absent" for number in range(1, 8) for who in (one, two, _three))
    page = ok(organiser.get(f"{address}?{many}"), 422)
    assert "At most 20 changes" in page and page.count('name="c"') == 20
    for wrong in (
        "c=nonsense",
        f"c=mark-99-{one}-absent",
        "c=mark-1-999999-absent",
        "c=cancel-1-2",
        "cancel=99",
    ):
        ok(organiser.get(f"{address}?{wrong}"), 422)
    counts = []
    for some in (many[:30].rpartition("&")[0] or "c=cancel-9", many.rpartition("&")[0]):
        organiser.get(f"{address}?{some}")
        session.remove()
        with count_queries() as seen:
            assert organiser.get(f"{address}?{some}").status_code == 200
        counts.append(seen.count)
    assert counts[0] == counts[1], counts


def test_what_if_equals_doing_it(world):
    hold(world, range(1, 4), {(0, 2): ABSENT, (0, 3): ABSENT, (1, 1): late(30)})
    course = world.course
    loaded = load(course)
    assert moves(loaded.progress, supposing(loaded, WhatIf())) == []
    rows = {row.number: row.id for row in sessions_of(course.id)}
    absent = MarkInput(MarkKind.ABSENT)
    whole = WhatIf(
        marks=(MarkIf(rows[4], MarkFact(absent.kind, absent.minutes)),),
        cancelled=frozenset({rows[9]}),
    )
    supposed = supposing(loaded, whole)
    save_register(
        world.actor("trainer"),
        session.get_one(Session, rows[4]),
        {one.id: absent for one in world.trainees},
    )
    cancel(SYSTEM, session.get_one(Session, rows[9]), "Rain")
    real = progress(course)
    assert [one.gates for one in real.people] == [one.gates for one in supposed.people]
    assert [one.attendance for one in real.people] == [one.attendance for one in supposed.people]
    assert supposing(load(course), WhatIf(rules=RulesIf(at_least="10 %"))).people[1].gates["placement"].passed


def test_the_statements_of_a_page_do_not_grow(ctx, sign_in, count_queries):
    """Beside the page's own (8 for the grid): the signed-in actor's two, and the entry in the log of accesses."""
    counts = {}
    for people in (1, 5):
        world = make_world(trainees=people, code=f"N-{people}")
        hold(world, range(1, 4), {(index, n): ABSENT for index in range(people) for n in range(1, 4)})
        client = sign_in(world.person_id("organiser"))
        client.get(f"/courses/N-{people}/progress")
        for path in ("progress", "care", "what-if?at_least=95", "progress.xlsx"):
            session.remove()
            with count_queries() as seen:
                assert client.get(f"/courses/N-{people}/{path}").status_code == 200
            counts.setdefault(path, []).append(seen.count)
            if path == "progress":
                statements = [one[:60] + one.partition("FROM")[2][:40] for one in seen.statements]
    assert all(one == many for one, many in counts.values()), counts
    assert counts["progress"][0] - 3 <= 8, statements
    assert max(many for _one, many in counts.values()) <= 14, counts
