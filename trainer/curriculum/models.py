"""The table of programme versions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.core.models import Json, Model, UTCDateTime


class ProgrammeVersion(Model):
    """One version of a programme, kept whole: courses are pinned to it, and it never changes.

    `hash` is that of the canonical content. `content` is large and loaded only when it is asked for.
    """

    __tablename__ = "programme_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(80), index=True)
    version: Mapped[str] = mapped_column(String(40))
    hash: Mapped[str] = mapped_column(String(80), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
