"""The programmes that lie in the folders of curricula. One that does not load never hides the others."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from trainer import config
from trainer.core.text import msg
from trainer.curriculum.queries.reading import Problem, Report, read_programme
from trainer.curriculum.rules import Programme

MAIN = "programme.yaml"
Signature = tuple[tuple[str, int, int, int] | None, ...]
_kept: dict[Path, tuple[Signature, Report]] = {}
_lock = threading.Lock()


def main_files(folders: Iterable[Path]) -> list[Path]:
    """The main file of every programme: FOLDER/NAME/programme.yaml, FOLDER/NAME.yaml, or FOLDER's own."""
    found: list[Path] = []
    for folder in folders:
        if (folder / MAIN).is_file():
            found.append(folder / MAIN)
            continue
        if not folder.is_dir():
            continue
        for entry in sorted(folder.iterdir()):
            if entry.is_dir() and (entry / MAIN).is_file():
                found.append(entry / MAIN)
            elif entry.suffix in {".yaml", ".yml"} and entry.is_file():
                found.append(entry)
    return list(dict.fromkeys(found))


def report_for(path: Path) -> Report:
    """The report on the programme at `path`, read again only when one of its files has changed."""
    with _lock:
        kept = _kept.get(path)
    if kept is not None and kept[0] == _signature(kept[1].files):
        return kept[1]
    report = read_programme(path)
    with _lock:
        _kept[path] = (_signature(report.files), report)
    return report


def reports(folders: Sequence[Path] | None = None) -> list[Report]:
    """A report for every programme of `folders` (by default those of the settings), in their order.

    A code that an earlier programme has taken is a problem of the later one.
    """
    found: list[Report] = []
    taken: dict[str, Path] = {}
    for path in main_files(config.curricula_folders() if folders is None else folders):
        report = report_for(path)
        code = report.programme.code if report.programme else None
        if code is not None and code in taken:
            problem = Problem(
                path,
                1,
                "code",
                msg(
                    "the code `%(code)s` belongs to %(other)s: choose another",
                    code=code,
                    other=str(taken[code]),
                ),
            )
            report = replace(report, programme=None, problems=(problem,))
        elif code is not None:
            taken[code] = path
        found.append(report)
    return found


def catalogue(folders: Sequence[Path] | None = None) -> list[Programme]:
    """Every programme that loads without a problem; those whose sessions are planned out come first."""
    found = [report.programme for report in reports(folders) if report.programme is not None]
    return sorted(found, key=lambda programme: not any(module.plan for module in programme.modules))


def programme_by_code(code: str) -> Programme | None:
    """The programme called `code` as its files stand now."""
    return next((programme for programme in catalogue() if programme.code == code), None)


def _signature(files: Iterable[Path]) -> Signature:
    found: list[tuple[str, int, int, int] | None] = []
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            found.append(None)
        else:
            found.append((str(file), stat.st_mtime_ns, stat.st_size, stat.st_ino))
    return tuple(found)
