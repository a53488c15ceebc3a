"""The blueprint."""

from __future__ import annotations

from flask import Blueprint

from trainer.joining import models  # noqa: F401 - its tables belong to the product

bp = Blueprint("joining", __name__, template_folder="../templates")
