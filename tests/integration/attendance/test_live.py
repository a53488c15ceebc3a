"""Marks that others save on the same register: by address, tag and undo."""

from __future__ import annotations

from datetime import timedelta

import pytest

from trainer.attendance.models import AbsenceNotice
from trainer.attendance.queries import history_of, live_marks, saved_marks
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.core import clock
from trainer.core.database import session as database
from trainer.core.database import transaction
from trainer.scheduling.queries import session_of

HERE = "/courses/TEST-1/sessions/1/register"
LIVE = f"{HERE}.json"


@pytest.fixture
def ids(world):
    return [enrolment.id for enrolment in world.trainees]


def test_what_others_saved_is_told_once(client_as, world, ids):
    client = client_as("trainer")
    first = client.get(LIVE)
    assert (first.status_code, first.json["marks"], first.json["last"]) == (200, {}, "")
    at = session_of("TEST-1", 1)
    save_register(world.actor("organiser"), at, {ids[0]: MarkInput(MarkKind.LATE, 30)})
    tag = {"If-None-Match": first.headers["ETag"]}
    second = client.get(LIVE, headers=tag)
    mark = second.json["marks"][str(ids[0])]
    assert (mark["kind"], mark["minutes"], mark["version"], mark["mine"]) == ("late", 30, 1, False)
    assert mark["by"] == "Organiser Prova"
    assert "Organiser Prova" in second.json["last"]
    assert set(second.json["marks"]) == {str(ids[0])}, "who was only put on the roster has no news"
    same = client.get(LIVE, headers={"If-None-Match": second.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    save_register(world.actor("trainer"), at, {ids[1]: MarkInput(MarkKind.PRESENT)})
    third = client.get(LIVE, headers={"If-None-Match": second.headers["ETag"]})
    assert third.json["marks"][str(ids[1])]["mine"] is True


def test_one_statement_for_any_number_of_marks(app, world, ids, count_queries):
    at = session_of("TEST-1", 1)
    with count_queries() as seen:
        assert live_marks(at.id) == []
    assert seen.count == 1
    save_register(world.actor("trainer"), at, dict.fromkeys(ids, MarkInput(MarkKind.PRESENT)))
    with count_queries() as seen:
        assert [one.enrolment_id for one in live_marks(at.id)] == sorted(ids)
    assert seen.count == 1


def test_undo_is_a_correction_with_its_reason_and_overwrites_nobody(client_as, world, ids):
    at = session_of("TEST-1", 1)
    key = str(ids[0])
    with clock.frozen(at.row.starts_at + timedelta(hours=1)):
        save_register(world.actor("trainer"), at, {ids[0]: MarkInput(MarkKind.ABSENT)})
    client = client_as("trainer")

    def undo(version):
        body = {"marks": {key: {"kind": "unmarked"}}, "versions": {key: version}, "reason": "undo"}
        return client.post(HERE, json=body).json

    assert undo(1)["saved"][key]["kind"] == "unmarked"
    assert [one.reason for one in history_of(at.id, ids[0])] == ["undo", ""]
    assert "Taken back (undo)" in client.get(f"{HERE}/{key}").text
    save_register(world.actor("organiser"), at, {ids[0]: MarkInput(MarkKind.PRESENT)})
    assert undo(2)["conflicts"][key]["kind"] == "present"
    assert saved_marks(at.id)[ids[0]].kind is MarkKind.PRESENT


def test_several_at_once_without_a_script(client_as, ids):
    client = client_as("trainer")
    fields = {}
    for key in ids:
        fields |= {f"mark-{key}": "unmarked", f"was-{key}": "unmarked::", f"version-{key}": "0"}
    data = {**fields, "pick": [str(ids[0]), "²", str(ids[2])], "do": "picked:excused"}
    assert client.post(HERE, data=data).status_code == 303
    kinds = {key: mark.kind.value for key, mark in saved_marks(session_of("TEST-1", 1).id).items()}
    assert kinds == {ids[0]: "excused", ids[1]: "unmarked", ids[2]: "excused"}
    asked = client.post(HERE, data={**fields, "pick": [str(ids[1])], "do": "picked:late"})
    assert asked.status_code == 422
    assert asked.text.count(" checked>") >= 1
    assert (
        client.post(HERE, data={**fields, "pick": [str(ids[1])], "do": "picked:nonsense"}).status_code == 303
    )
    client.post(HERE, data={**fields, f"version-{ids[1]}": "0", "do": "all_absent"})
    marks = saved_marks(session_of("TEST-1", 1).id)
    assert marks[ids[1]].kind is MarkKind.ABSENT
    assert marks[ids[0]].kind is MarkKind.EXCUSED, "what was recorded meanwhile stays"


def test_what_was_announced_stands_beside_the_person_and_marks_nothing(client_as, world, ids):
    at = session_of("TEST-1", 1)
    with transaction():
        database.add(
            AbsenceNotice(
                enrolment_id=ids[0],
                session_id=at.id,
                kind="absent",
                reason_code="work",
                announced_at=clock.now(),
                decided="excused",
                decided_at=clock.now(),
            )
        )
    client = client_as("trainer")
    page = client.get(HERE).text
    assert "Announced: will be absent (Work)" in page
    assert page.count('data-announced="excused"') == 1
    assert "3 unmarked" in page
    save_register(world.actor("trainer"), at, {ids[0]: MarkInput(MarkKind.PRESENT)})
    assert "data-announced=" not in client.get(HERE).text, "the register says what happened"
