"""Drives `trainer` as an outsider does: arguments in, exit code and two streams out, one process a command.

Every command runs in a process of its own, forked from this one: the imports, which take seconds, are paid once. A
traceback shows on standard error exactly as it would at a terminal.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import configure_mappers

from trainer.cli import run
from trainer.cli.common import application


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def ok(self) -> Result:
        assert self.code == 0, self
        assert "Traceback" not in self.err, self
        return self

    def no(self) -> Result:
        """The answer is no."""
        assert self.code == 1, self
        assert "Traceback" not in self.err, self
        return self

    def refused(self, *words: str) -> Result:
        """Bad call, bad input or an actor who may not: exit 2, a message, nothing on standard output."""
        assert self.code == 2, self
        assert "Traceback" not in self.err, self
        assert self.err.strip(), self
        assert self.out == "", self
        for word in words:
            assert word in self.err, (word, self)
        return self


class Trainer:
    """An instance of its own, and the command on it."""

    _warm: Trainer | None = None

    def __init__(self, folder: Path, **environ: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.instance = folder / "instance"
        self.files = folder / "files"
        self.files.mkdir(exist_ok=True)
        self.environ = {
            "TRAINER_INSTANCE": str(self.instance),
            "TRAINER_SEAL_KEY_FILE": str(folder / "seal.key"),
            **environ,
        }

    def __call__(self, *arguments: str | Path, stdin: str = "", cwd: Path | None = None) -> Result:
        """Runs `trainer ARGUMENTS`."""
        with self._environment():
            self._warm_up()
            return _forked([str(one) for one in arguments], stdin, cwd)

    def file(self, name: str, content: str | bytes) -> Path:
        path = self.files / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def table(self, name: str, header: str, rows: Sequence[str]) -> Path:
        return self.file(name, "\n".join([header, *rows]) + "\n")

    @property
    def database(self) -> Path:
        return self.instance / "trainer.sqlite3"

    @contextlib.contextmanager
    def _environment(self) -> Iterator[None]:
        names = [
            name
            for name in os.environ
            if name.startswith("TRAINER_") or name in {"DATABASE_URL", "FLASK_APP"}
        ]
        before = {name: os.environ.pop(name) for name in names}
        os.environ.update(self.environ)
        try:
            yield
        finally:
            for name in self.environ:
                del os.environ[name]
            os.environ.update(before)

    def _warm_up(self) -> None:
        """The application, made once for all commands in a row on one instance; it holds no connection yet."""
        if not (self.instance / "secret.key").is_file():
            application.cache_clear()
            Trainer._warm = None
        elif Trainer._warm is not self:
            application.cache_clear()
            application()
            configure_mappers()
            Trainer._warm = self


def _forked(arguments: list[str], stdin: str, cwd: Path | None) -> Result:
    with (
        tempfile.TemporaryFile() as source,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        source.write(stdin.encode())
        source.seek(0)
        gc.freeze()  # the child collects nothing of ours, so it copies nothing of ours
        child = os.fork()
        if child == 0:
            _child(arguments, (source.fileno(), out.fileno(), err.fileno()), cwd)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return Result(
            os.waitstatus_to_exitcode(status),
            out.read().decode(),
            err.read().decode(errors="replace"),
        )


def _child(arguments: list[str], handles: tuple[int, int, int], cwd: Path | None) -> None:
    code = 1
    try:
        for target, handle in enumerate(handles):
            os.dup2(handle, target)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        if cwd is not None:
            os.chdir(cwd)
        code = run(arguments)
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
