"""Pages about oneself, and the administrator's pages of people and organisations."""

from trainer.people.views.base import bp

from trainer.people.views import admin, home, invitations, organisations, own  # isort: skip

__all__ = ["admin", "bp", "home", "invitations", "organisations", "own"]
