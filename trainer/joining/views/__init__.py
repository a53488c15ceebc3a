"""Pages of joining."""

from trainer.joining.views.base import bp as bp
