"""Pages of the dossier."""

from trainer.dossier.views.base import bp as bp
