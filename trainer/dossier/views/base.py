"""The blueprint."""

from __future__ import annotations

from flask import Blueprint

from trainer.dossier import models  # noqa: F401 - its tables belong to the product

bp = Blueprint("dossier", __name__, template_folder="../templates")
