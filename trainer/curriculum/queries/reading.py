"""Reads one programme from its files: positions, shape and meaning, every problem at once.

A file may name others for its modules; only files inside the programme's own folder are opened, and each is
bounded in size. Nothing in a file can make this raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trainer.core.marked_yaml import MAX_BYTES, MarkedDocument, Trouble, read_marked
from trainer.core.text import Text, msg
from trainer.curriculum.queries.shape import shape_findings
from trainer.curriculum.rules import Programme, canonical, check, content_hash, programme_from
from trainer.curriculum.rules.parts import TWICE, Finding, follows
from trainer.curriculum.rules.parts import Path as Place

MAX_FILES = 200
MAX_PLACES = 6  # that are named beside the first, where the same thing is missed again


@dataclass(frozen=True)
class Problem:
    """Something to mend: file, line from 1, path of keys (lists count from 1), and what and how."""

    file: Path
    line: int
    path: str
    text: Text


@dataclass(frozen=True)
class Report:
    """What came of reading one programme; `programme` is there exactly when there are no problems."""

    path: Path
    files: tuple[Path, ...]
    programme: Programme | None = None
    problems: tuple[Problem, ...] = ()


@dataclass
class _Sources:
    """The main file and the files that its modules were read from, with the place of each in the whole."""

    root: Path
    main: MarkedDocument
    included: dict[Place, tuple[Path, MarkedDocument]] = field(default_factory=dict)

    def locate(self, place: Place) -> tuple[Path, int, Place]:
        """File, line and path within the file of a place in the whole."""
        if place[:2] in self.included:
            file, document = self.included[place[:2]]
            return file, document.line(place[2:]), place[2:]
        return self.root, self.main.line(place), place


def path_words(place: Place) -> str:
    """A path as it is printed: plan[3].minutes; "(file)" for the whole file."""
    words = ""
    for part in place:
        words += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if words else part
    return words or "(file)"


def read_programme(path: Path) -> Report:
    """Reads the programme whose main file is `path`."""
    main = _open(path)
    sources = _Sources(path, main)
    problems: list[Problem] = []
    if isinstance(main.value, dict):
        problems += _include(sources)
    elif not main.troubles:
        problems.append(
            Problem(path, 1, "(file)", msg("a programme begins with keys such as `code: my-programme`"))
        )
    silent: set[Place] = {
        place for place, (_, document) in sources.included.items() if document.value is None
    }
    for prefix, file, document in [((), path, main), *((at, *pair) for at, pair in sources.included.items())]:
        for trouble in document.troubles:
            problems.append(Problem(file, trouble.line, path_words(trouble.path), trouble.text))
            silent.add((*prefix, *trouble.path))
    silent |= {("modules", position) for position in _unread(main.value)}
    source = main.value if isinstance(main.value, dict) else None
    if source is not None:
        problems += _located(_findings(source, silent), sources)
    files = (path, *(file for file, _ in sources.included.values()))
    if problems or source is None:
        order = {file: position for position, file in enumerate(files)}
        problems.sort(key=lambda problem: (order.get(problem.file, 0), problem.line))
        return Report(path, files, None, tuple(problems))
    content = canonical(source)
    return Report(path, files, programme_from(content, content_hash(content)))


def _findings(source: dict[str, Any], silent: set[Place]) -> Iterator[Finding]:
    """What is wrong with shape and meaning; what only follows from a mistake that is named is left out."""
    told = {place for place in silent if place}

    def is_new(finding: Finding) -> bool:
        return not any(finding.path[: len(place)] == place for place in silent if place)

    shape = [finding for finding in shape_findings(source) if is_new(finding)]
    told |= {place for finding in shape for place in (finding.path, *finding.covers)}
    yield from (one for one in shape if not follows(one, told - {one.path}))
    meaning = check(source)
    told |= {finding.path for finding in meaning if finding.of == TWICE}
    for finding in meaning:
        mine = finding.of == TWICE and finding.path not in {one.path for one in shape}
        if is_new(finding) and (mine or (finding.path not in told and not follows(finding, told))):
            yield finding


def _located(findings: Iterable[Finding], sources: _Sources) -> list[Problem]:
    """The findings with file and line. The same thing missed in several places is one problem, at the first of them."""
    groups: dict[Any, list[tuple[Finding, Path, int, Place]]] = {}
    for number, finding in enumerate(findings):
        key = (finding.about, finding.of) if finding.about and finding.of else number
        groups.setdefault(key, []).append((finding, *sources.locate(finding.path)))
    problems = []
    for places in groups.values():
        finding, file, line, place = places[0]
        text = finding.text
        if len(places) > 1:
            others = [f"{other.name}:{number}" for _, other, number, _ in places[1 : MAX_PLACES + 1]]
            more = len(places) - 1 - len(others)
            also = ", ".join([*others, *([f"+{more}"] if more else [])])
            text = msg("%(said)s (the same at %(places)s)", said=text, places=also)
        problems.append(Problem(file, line, path_words(place), text))
    return problems


def _open(path: Path) -> MarkedDocument:
    try:
        with path.open("rb") as file:
            return read_marked(file.read(MAX_BYTES + 1))
    except OSError as error:
        document = MarkedDocument()
        document.value = None
        document.troubles.append(
            Trouble((), 1, msg("cannot be read (%(reason)s)", reason=error.strerror or type(error).__name__))
        )
        return document


def _include(sources: _Sources) -> Iterator[Problem]:
    """Replaces each module that is named by a file with what the file holds; None where that failed."""
    modules = sources.main.value.get("modules")
    if not isinstance(modules, list):
        return
    folder = sources.root.parent.resolve()
    seen: dict[Path, str] = {}
    for position, name in enumerate(modules[:MAX_FILES]):
        if not isinstance(name, str):
            continue
        place: Place = ("modules", position)
        try:
            wrong, file = _inside(folder, name)
        except (OSError, ValueError, RuntimeError):
            wrong, file = msg("not the name of a file"), folder
        if wrong is None and file in seen:
            wrong = msg("the file `%(name)s` is already in the list: remove one", name=name)
        if wrong is not None:
            yield Problem(sources.root, sources.main.line(place), path_words(place), wrong)
            modules[position] = None
            continue
        seen[file] = name
        document = _open(file)
        sources.included[place] = (sources.root.parent / name, document)
        modules[position] = document.value


def _inside(folder: Path, name: str) -> tuple[Text | None, Path]:
    file = (folder / name).resolve()
    if Path(name).is_absolute() or not file.is_relative_to(folder):
        return msg("lies outside the programme's folder: name a file below it, such as modules/01.yaml"), file
    if file.suffix not in {".yaml", ".yml"}:
        return msg("not a YAML file: name one that ends in .yaml"), file
    if not file.is_file():
        return msg("there is no file `%(name)s` in the programme's folder", name=name), file
    return None, file


def _unread(source: Any) -> list[int]:
    """Positions of the modules whose file could not be used."""
    modules = source.get("modules") if isinstance(source, dict) else None
    return (
        [position for position, module in enumerate(modules) if module is None]
        if isinstance(modules, list)
        else []
    )
