"""`make bench`: name, ours, baseline, ratio of the times. Medians of repeated runs on this machine."""

from __future__ import annotations

import contextlib
import io
import os
import statistics
import tempfile
import time
from collections.abc import Callable

os.environ.pop("DATABASE_URL", None)


def median_ms(work: Callable[[], object], runs: int = 15) -> float:
    """The median of `runs` timings after a warm-up, in milliseconds."""
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def line(name: str, ours: Callable[[], object], baseline: Callable[[], object], runs: int = 15) -> None:
    """Prints one measure."""
    a, b = median_ms(ours, runs), median_ms(baseline, runs)
    print(f"{name:<56} {a:9.2f} ms {b:9.2f} ms {a / b:7.2f}", flush=True)


def rate(name: str, ours: Callable[[], object], baseline: Callable[[], object]) -> None:
    """Prints one measure as so many a second; the ratio is that of the times, as everywhere."""
    a, b = median_ms(ours), median_ms(baseline)
    print(f"{name:<56} {1000 / a:9.1f} /s {1000 / b:9.1f} /s {a / b:7.2f}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(TRAINER_INSTANCE=f"{folder}/instance", TRAINER_SEAL_KEY_FILE=f"{folder}/seal.key")
        from trainer.cli import run

        with contextlib.redirect_stdout(io.StringIO()):  # its passwords are nobody's business here
            code = run(["demo", "--format", "json"])
        if code:
            raise SystemExit(code)
        from bench.attendance import measure_attendance
        from bench.certificates import measure_certificates
        from trainer.cli.common import application

        app = application()
        with app.app_context():
            _pages()
            measure_certificates(rate)
    measure_attendance(line)


def _pages() -> None:
    from sqlalchemy import text

    from trainer.cohorts.queries import course_by_code
    from trainer.core.database import session
    from trainer.progress.queries import progress
    from trainer.scheduling.documents import calendar_document
    from trainer.scheduling.queries import sessions_of

    course = course_by_code("SUPORT-1")
    assert course is not None
    grid = text(
        "select e.id, p.display_name, s.id, m.kind, m.minutes from enrolment e join person p on p.id = e.person_id "
        "join session s on s.course_id = e.course_id left join mark m on m.session_id = s.id and m.enrolment_id = e.id "
        "where e.course_id = :course order by p.family_name, s.number"
    )

    def decided() -> None:
        progress(course)
        session.rollback()

    def raw() -> None:
        session.execute(grid, {"course": course.id}).all()
        session.rollback()

    line("attendance and gates of 16 people x 10, SQL grid", decided, raw)

    rows = sessions_of(course.id)
    events = [row.event(course.code) for row in rows]
    line(
        "calendar of a course, hand-made string",
        lambda: calendar_document(course.code, events),
        lambda: "\r\n".join(
            f"BEGIN:VEVENT\r\nUID:{row.uid}\r\nDTSTART:{row.starts_at:%Y%m%dT%H%M%S}\r\nSUMMARY:{row.number}\r\nEND:VEVENT"
            for row in rows
        ).encode(),
    )


main()
