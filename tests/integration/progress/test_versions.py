"""Moving a course to another version of its programme: seen beforehand, said why, done by two people, replayed rightly."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.registers import ABSENT, hold
from tests.factories.world import SYSTEM
from trainer.audit.models import AuditEntry
from trainer.cohorts.models import Course, Enrolment, VersionChange
from trainer.cohorts.services import propose_version, review_version, withdraw_version
from trainer.core import clock
from trainer.core.database import session, transaction
from trainer.core.errors import Invalid, Missing, Refused
from trainer.core.text import msg
from trainer.curriculum.models import ProgrammeVersion
from trainer.curriculum.queries import programme_of, read_programme
from trainer.curriculum.rules import content_hash, programme_from
from trainer.curriculum.rules.diff import Touches, differences
from trainer.dossier.models import DossierEntry
from trainer.gates.queries import standings
from trainer.people.queries import actor_for_email
from trainer.people.services import add_user
from trainer.progress.queries import versions
from trainer.scheduling.queries import sessions_of
from trainer.scheduling.services import set_effective_minutes

ROOT = Path(__file__).parents[3]
FILE = "curriculum/peer-support-worker/programme.yaml"


def edited(folder: Path, *changes: tuple[str, str]) -> Path:
    """The default programme as a file of its own, with these texts replaced."""
    shutil.copytree(ROOT / "curriculum" / "peer-support-worker", folder / "peer-support-worker")
    path = folder / "peer-support-worker" / "programme.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return path


LOOSER = (('at_least: "80 %"', 'at_least: "60 %"'), ('version: "', 'version: "9.'))


def said(old: Path, new: Path) -> list[tuple[str, str]]:
    before, after = read_programme(old).programme, read_programme(new).programme
    assert before is not None and after is not None
    return [(one.path, str(one.said)) for one in differences(before, after)]


def test_a_programme_does_not_differ_from_itself() -> None:
    assert said(ROOT / FILE, ROOT / FILE) == []


def test_rules_are_said_one_by_one_and_wording_is_counted(tmp_path: Path) -> None:
    changed = edited(
        tmp_path,
        *LOOSER,
        ("counts_as: absent", "counts_as: credited"),
        ("Deu sessions setmanals", "Cada setmana una sessió"),
    )
    found = said(ROOT / FILE, changed)
    texts = [text for _, text in found]
    assert any("now asks: Attend at least 60 % of the hours." in text for text in texts)
    assert any("no longer asks: Attend at least 80 % of the hours." in text for text in texts)
    assert "New: An excused absence counts as attended." in texts
    assert texts[-1] == "The wording differs in 1 place."
    assert len(texts) == 6


def test_whom_a_difference_touches(tmp_path: Path) -> None:
    before = read_programme(ROOT / FILE).programme
    after = read_programme(edited(tmp_path, *LOOSER)).programme
    assert before is not None and after is not None
    touched = {one.path: one.touches for one in differences(before, after)}
    assert touched["gates.placement.requirements"] is Touches.NOT_PASSED
    assert touched["version"] is Touches.NOBODY


@pytest.fixture
def offered(world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A world whose programme has a newer version in its folder: 60 % instead of 80 %."""
    programme = read_programme(edited(tmp_path / "newer", *LOOSER)).programme
    monkeypatch.setattr("trainer.progress.queries.versions.programme_by_code", lambda code: programme)

    class Found:
        path, problems = tmp_path, ()

        def __init__(self) -> None:
            self.programme = programme

    monkeypatch.setattr("trainer.curriculum.services.reports", lambda: [Found()])
    hold(world, range(1, 8), {(1, number): ABSENT for number in (1, 2, 3)})
    return world


def other_organiser(world: Any) -> Any:
    add_user(SYSTEM, "second@example.org", "Second Organiser", "organiser", "PROV")
    return actor_for_email("second@example.org")


def test_effects_are_counted_before_anything_is_written(offered: Any) -> None:
    new = versions.offered(offered.course)
    assert new is not None
    found = versions.effects(offered.course, new)
    # Seven of ten held, 28 h of 40: 60 % is met by who missed none; who missed three has 16 h and can still make 28.
    assert found.counts() == {
        "placement": {"not_yet->met": 2, "unreachable->not_yet": 1},
        "accreditation": {"unreachable->not_yet": 1},
        "completion": {"unreachable->not_yet": 1},
    }
    assert found.problems == ()
    assert str(found.words()[0]) == "TEST-1: 3 people are on this version."


def test_one_proposes_and_another_moves_the_course(offered: Any) -> None:
    organiser, before = offered.actor("organiser"), clock.now()
    change = propose_version(organiser, offered.course, "The team agreed on it", {})
    with pytest.raises(Refused):
        review_version(organiser, change, accept=True)
    with pytest.raises(Invalid):
        propose_version(organiser, offered.course, "Again", {})
    second = other_organiser(offered)
    with pytest.raises(Invalid):
        review_version(second, change, accept=False)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        review_version(second, change, accept=True)
        with pytest.raises(Missing):
            review_version(second, change, accept=True)
        course = session.get_one(Course, offered.course.id)
        assert programme_of(course.programme_version_id).version.startswith("9.")
        first = offered.trainees[0].id
        assert standings(course)[first]["placement"].status == "met"
        assert standings(course, as_of=before)[first]["placement"].status == "not_yet"
    actions = [one.action for one in session.query(AuditEntry) if one.action.startswith("course.version")]
    assert actions == ["course.version_proposed", "course.version_moved"]


def test_certificates_are_looked_at_again_when_the_rules_or_a_length_change(
    app: Any, offered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setitem(app.extensions, "trainer_facts_corrected", lambda _actor, key: told.append(key))
    everybody = [one.id for one in offered.trainees]
    first = sessions_of(offered.course.id)[0]
    set_effective_minutes(offered.actor("trainer"), first, 200)
    assert told == everybody
    set_effective_minutes(offered.actor("trainer"), first, 200)
    assert told == everybody
    change = propose_version(offered.actor("organiser"), offered.course, "The team agreed on it", {})
    assert told == everybody
    review_version(other_organiser(offered), change, accept=True)
    assert told == everybody * 2


def test_what_was_recorded_since_the_proposal_keeps_its_name(
    offered: Any, client_as: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = propose_version(offered.actor("organiser"), offered.course, "The team agreed on it", {})
    monkeypatch.setattr(versions, "_problems", lambda _course, _after: [msg("A level would lose its name.")])
    answer = client_as("admin").post(f"/courses/TEST-1/version/{change.id}", data={"decision": "accept"})
    assert (answer.status_code, session.get_one(VersionChange, change.id).status) == (422, "proposed")
    assert "A level would lose its name." in answer.get_data(as_text=True)


def test_a_proposal_is_declined_or_taken_back(offered: Any) -> None:
    organiser, second = offered.actor("organiser"), other_organiser(offered)
    change = propose_version(organiser, offered.course, "Clearer", {})
    review_version(second, change, accept=False, note="Not in the middle of the course")
    change = propose_version(organiser, offered.course, "Clearer", {})
    with pytest.raises(Refused):
        withdraw_version(second, change)
    withdraw_version(organiser, change)
    assert [one.status for one in session.query(VersionChange)] == ["declined", "withdrawn"]
    with pytest.raises(Refused):
        propose_version(offered.actor("trainer"), offered.course, "Clearer", {})
    with pytest.raises(Invalid):
        propose_version(organiser, offered.course, " ", {})


def test_the_pages_walk_through_it(offered: Any, client_as: Any) -> None:
    other_organiser(offered)
    client = client_as("organiser")
    page = client.get("/courses/TEST-1/version")
    assert page.status_code == 200
    assert "Attend at least 60 % of the hours." in page.get_data(as_text=True)
    assert client.post("/courses/TEST-1/version", data={"reason": ""}).status_code == 422
    answer = client.post("/courses/TEST-1/version", data={"reason": "The team agreed"})
    assert answer.status_code == 302
    own = client.get(answer.location).get_data(as_text=True)
    assert "Take the proposal back" in own and "Move the course" not in own
    assert client.post(answer.location, data={"decision": "accept"}).status_code == 422
    admin = client_as("admin")
    assert "Move the course" in admin.get(answer.location).get_data(as_text=True)
    assert admin.post(answer.location, data={"decision": "accept"}).status_code == 302
    change = session.query(VersionChange).one()
    assert (change.status, change.effects["gates"]["placement"]) == (
        "done",
        {"not_yet->met": 2, "unreachable->not_yet": 1},
    )
    assert json.dumps(change.effects)


def test_what_is_on_record_keeps_its_name(offered: Any, tmp_path: Path) -> None:
    own = programme_of(offered.course.programme_version_id)
    other = read_programme(ROOT / "curriculum" / "ex-in" / "programme.yaml").programme
    assert other is not None
    problems = versions.effects(offered.course, other).problems
    assert len(problems) == len({one.code for one in own.modules} - {one.code for one in other.modules}) > 5
    kept, lost = other.documents[0].code, "essay"
    with transaction() as current:
        enrolment = current.scalars(select(Enrolment)).first()
        current.add_all(
            DossierEntry(
                enrolment_id=enrolment.id,
                kind="document",
                code=code,
                state="handed_in",
                on=date(2026, 10, 1),
                recorded_at=clock.now(),
            )
            for code in (kept, lost)
        )
    more = set(versions.effects(offered.course, other).problems) - set(problems)
    assert [str(one) for one in more] == [
        "essay is in somebody's dossier, and the new version does not have it."
    ]


SWITCHES = [
    {"gates": {"accreditation": {"requirements": [{"kind": "test", "test": "final", "at_least": "50 %"}]}}},
    {"gates": {"early": {"requirements": [{"kind": "attendance", "at_least": "30 %"}]}}},
    {"attendance": {"base": "sessions", "excused": {"counts_as": "credited", "cap": {"sessions": 1}}}},
    {"gates": {"placement": {"requirements": [{"kind": "max_absences", "at_most": {"sessions": 3}},
                                              {"kind": "unmissable", "sessions": [4]}]}}},
]  # fmt: skip


@pytest.mark.parametrize("switch", SWITCHES)
def test_who_is_affected_is_who_stands_otherwise_once_moved(world: Any, switch: dict[str, Any]) -> None:
    """What is foretold is compared with the course really pinned to the other version, everybody decided anew."""
    hold(world, range(1, 8), {(1, number): ABSENT for number in (1, 2, 3)})
    own = programme_of(world.course.programme_version_id)
    content = json.loads(json.dumps(own.content))
    content["version"] = "9"
    content["attendance"] |= switch.get("attendance", {})
    content["tests"] = [{"code": "final", "title": own.title, "out_of": 10}]
    for name, gate in switch.get("gates", {}).items():
        known = next((one for one in content["gates"] if one["name"] == name), None)
        if known is None:
            content["gates"].append({"name": name, "title": own.title, "opens": None, "issues": None, **gate})
        else:
            known |= gate
    new = programme_from(content, content_hash(content))
    found = versions.effects(world.course, new)
    before = {
        key: {name: one.status for name, one in gates.items()}
        for key, gates in standings(world.course).items()
    }
    with transaction():
        row = ProgrammeVersion(
            code=new.code, version=new.version, hash=new.hash, content=content, created_at=clock.now()
        )
        session.add(row)
        session.flush()
        session.get_one(Course, world.course.id).programme_version_id = row.id
    after = {
        key: {name: one.status for name, one in gates.items()}
        for key, gates in standings(world.course).items()
    }
    really = {
        (key, name, before[key][name], status)
        for key, gates in after.items()
        for name, status in gates.items()
        if name in before[key] and before[key][name] is not status
    }
    assert {(one.enrolment_id, one.gate, one.before, one.after) for one in found.moved} == really
    assert {name: sum(counted.values()) for name, (_, counted) in found.come.items()} == {
        name: len(after) for name in next(iter(after.values())) if name not in next(iter(before.values()))
    }
    assert all(str(one) for one in found.words()) and json.dumps(found.document())
