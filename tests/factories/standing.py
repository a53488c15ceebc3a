"""People on a course of a shipped programme, written in one line each, and what the gates say of them. Pure.

A person is a line of words, one a session: P present, A absent, E excused, a number for the minutes of who came late or
left early, ? held and not marked yet, - still to come, X cancelled. Sessions are weekly; their first day is START.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from trainer.attendance.queries import Inputs
from trainer.attendance.requirements import AttendanceEvaluator, MaxAbsencesEvaluator, UnmissableEvaluator
from trainer.attendance.rules import MakeUpFact, MarkFact, MarkKind, SessionFact
from trainer.cohorts.rules import PauseSpan
from trainer.competency.requirements import CompetenciesEvaluator
from trainer.competency.rules import Judgement
from trainer.curriculum.queries import report_for
from trainer.curriculum.rules import Programme
from trainer.dossier.requirements import (
    DecisionEvaluator,
    DocumentsEvaluator,
    PortfolioEvaluator,
    TestEvaluator,
)
from trainer.dossier.rules import Entry
from trainer.gates.rules import GateResult, Registry, Waiver, evaluate_gates
from trainer.placement.requirements import PlacementHoursEvaluator
from trainer.placement.rules import Done, Facts, LogState, PlacementSpan, Tally
from trainer.progress.requirements import OrderEvaluator

CURRICULUM = Path(__file__).parents[2] / "curriculum"
START = date(2026, 1, 10)
TODAY = date(2027, 6, 1)

EVALUATORS = Registry(
    [
        AttendanceEvaluator(),
        MaxAbsencesEvaluator(),
        UnmissableEvaluator(),
        CompetenciesEvaluator(),
        PlacementHoursEvaluator(),
        DocumentsEvaluator(),
        PortfolioEvaluator(),
        TestEvaluator(),
        DecisionEvaluator(),
        OrderEvaluator(),
    ]
)

_MARKS = {"P": MarkKind.PRESENT, "A": MarkKind.ABSENT, "E": MarkKind.EXCUSED}


@cache
def shipped(folder: str) -> Programme:
    """The programme that is shipped in that folder."""
    report = report_for(CURRICULUM / folder / "programme.yaml")
    assert report.programme is not None, report.problems
    return report.programme


def day(session: int) -> date:
    """The day of that session, from 1."""
    return START + timedelta(weeks=session - 1)


def made(session: int, minutes: int, status: str = "done", until: date | None = None) -> MakeUpFact:
    """A make-up of that session: done, or agreed and still to be done."""
    return MakeUpFact(session_id=session, minutes=minutes, status=status, until=until)


def practice(
    starts: date, *done: tuple[int, str] | tuple[int, str, date], state: str = "signed"
) -> PlacementSpan:
    """A placement from that day on; each entry is minutes, kind and, unless it is the first day, the day."""
    entries = tuple(
        Done(on=one[2] if len(one) == 3 else starts, kind=one[1], state=LogState(state), minutes=one[0])
        for one in done
    )
    return PlacementSpan(
        id=starts.toordinal(), starts_on=starts, ends_on=starts + timedelta(weeks=60), done=entries
    )


@dataclass(frozen=True)
class Case:
    """One person and what has to come out, worked out by hand: the status of each gate, and what stands in the way of the
    gate (keys of requirements that are neither met nor waived)."""

    who: str
    marks: str = ""
    gates: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, set[str]] = field(default_factory=dict)
    make_ups: tuple[MakeUpFact, ...] = ()
    joined: date | None = None
    left: date | None = None
    pauses: tuple[PauseSpan, ...] = ()
    lengths: Mapping[int, int] = field(default_factory=dict)  # what a held session really took, by number
    judged: Mapping[str, str] = field(default_factory=dict)  # level by competency; "*" for all the others
    judgements: tuple[Judgement, ...] = ()
    placements: tuple[PlacementSpan, ...] = ()
    papers: tuple[str, ...] = ()  # accepted documents and parts, "*" for all
    entries: tuple[tuple[Any, ...], ...] = ()  # kind, code, state, day, and points, out_of or valid_until
    waivers: tuple[Waiver, ...] = ()
    today: date = TODAY

    def __str__(self) -> str:
        return self.who


def decide(programme: Programme, case: Case) -> dict[str, GateResult]:
    """Every gate of that person, by the real rules."""
    return evaluate_gates(programme, facts(programme, case), EVALUATORS, case.waivers, today=case.today)


def facts(programme: Programme, case: Case) -> dict[str, Any]:
    """What is on record of that person, by source."""
    sessions, marks = _sessions(programme, case)
    return {
        "attendance": Inputs(
            sessions=sessions,
            marks=marks,
            joined_on=case.joined,
            left_on=case.left,
            pauses=case.pauses,
            make_ups={one.session_id: one for one in case.make_ups},
            today=case.today,
        ),
        "competency": _judgements(programme, case),
        "placement": _placement(case.placements),
        "dossier": _entries(programme, case),
    }


def _sessions(programme: Programme, case: Case) -> tuple[tuple[SessionFact, ...], dict[int, MarkFact]]:
    planned = [(module.code, minutes) for module in programme.modules for minutes in module.meetings]
    words = case.marks.split()
    assert len(words) in (0, len(planned)), f"{case.who}: {len(words)} marks for {len(planned)} sessions"
    sessions, marks = [], {}
    for number, ((code, minutes), word) in enumerate(zip(planned, words, strict=False), 1):
        status = {"-": "planned", "X": "cancelled"}.get(word, "held")
        sessions.append(
            SessionFact(
                id=number,
                number=number,
                status=status,
                starts_local=datetime.combine(day(number), time(10)),
                minutes=minutes,
                effective_minutes=case.lengths.get(number),
                module_code=code,
            )
        )
        if word in _MARKS:
            marks[number] = MarkFact(_MARKS[word])
        elif word.isdigit():
            marks[number] = MarkFact(MarkKind.LATE, int(word))
    return tuple(sessions), marks


def _judgements(programme: Programme, case: Case) -> list[Judgement]:
    levels = {code: case.judged.get(code, case.judged.get("*")) for code in programme.competency_codes}
    plain = [
        Judgement(code, level, "assessor", 1, START, number)
        for number, (code, level) in enumerate(levels.items(), 1)
        if level is not None
    ]
    return [*plain, *case.judgements]


def _placement(spans: Iterable[PlacementSpan]) -> Facts:
    spans = tuple(spans)
    return Facts(
        tallies=tuple(Tally(one.kind, one.state, one.minutes) for span in spans for one in span.done),
        agreed=bool(spans),
        open=bool(spans),
        spans=spans,
    )


def _entries(programme: Programme, case: Case) -> tuple[Entry, ...]:
    kinds = {"document": programme.documents, "portfolio": programme.portfolio}
    rows: list[tuple[Any, ...]] = [
        (kind, one.code, "accepted", START)
        for kind, things in kinds.items()
        for one in things
        if one.code in case.papers or ("*" in case.papers and f"-{one.code}" not in case.papers)
    ]
    found = []
    for number, (kind, code, state, on, *rest) in enumerate([*rows, *case.entries], 1):
        more = dict(zip(("points", "out_of"), rest, strict=False)) if kind == "test" else {}
        if kind == "document" and rest:
            more = {"valid_until": rest[0]}
        found.append(Entry(id=number, kind=kind, code=code, state=state, on=on, **more))
    return tuple(found)


def check(programme: Programme, case: Case) -> None:
    """The gates are as worked out, each says why, and what is not met says what to do next."""
    results = decide(programme, case)
    assert {name: str(results[name].status) for name in case.gates} == dict(case.gates)
    for name, keys in case.open.items():
        passing = ("met", "waived")
        assert {one.key for one in results[name].requirements if one.status not in passing} == keys
    for gate in results.values():
        assert gate.explanation is not None
        for one in gate.requirements:
            if one.status not in ("met", "waived"):
                assert one.next_step is not None, one.key
