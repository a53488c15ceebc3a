"""Pages of organisers, registrars and holders, and the public verification."""

from trainer.accreditation.views.base import bp

from trainer.accreditation.views import certificates, course, holder, profile, public, registry  # isort: skip

__all__ = ["bp", "certificates", "course", "holder", "profile", "public", "registry"]
