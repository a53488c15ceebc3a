"""Many hands on one register at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.factories.world import make_world
from trainer.attendance.queries import history_of, saved_marks
from trainer.attendance.rules import MarkInput, MarkKind
from trainer.attendance.services import save_register
from trainer.audit.queries import verify
from trainer.core.access import Actor
from trainer.core.database import session
from trainer.scheduling.queries import session_of

SYSTEM = Actor(system=True)


def test_everyones_marks_are_kept_and_one_conflict_is_told(app, ctx):
    world = make_world(trainees=8, code="TOGETHER")
    ids = [enrolment.id for enrolment in world.trainees]
    kinds = (MarkKind.PRESENT, MarkKind.ABSENT)

    def save(number: int) -> int:
        """Marks one person that nobody else marks, and one that everybody does; says how many conflicts."""
        marks = {ids[number]: MarkInput(MarkKind.PRESENT), ids[0]: MarkInput(kinds[number % 2])}
        with app.app_context():
            result = save_register(SYSTEM, session_of("TOGETHER", 1), marks, versions=dict.fromkeys(ids, 0))
            return len(result.conflicts)

    with ThreadPoolExecutor(7) as pool:
        conflicts = list(pool.map(save, range(1, 8)))
    session.rollback()  # what was read before is a snapshot from before
    session_id = session_of("TOGETHER", 1).id
    marks = saved_marks(session_id)
    assert {marks[key].kind for key in ids[1:]} == {MarkKind.PRESENT}
    assert marks[ids[0]].version == 1
    assert len(history_of(session_id, ids[0])) == 1
    # Who came first decided; those who said the same have no conflict.
    agreed = marks[ids[0]].kind
    assert sum(conflicts) == sum(kinds[number % 2] is not agreed for number in range(1, 8))
    assert verify().broken_at is None
