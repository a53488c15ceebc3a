"""By which rules a university issues: kept by its registrars, and told to all of them when they change."""

from __future__ import annotations

from trainer.accreditation import queries
from trainer.accreditation.models import UniversityProfile
from trainer.accreditation.policy import can_keep
from trainer.accreditation.queries import University
from trainer.accreditation.services.eligibility import require
from trainer.audit.services import record
from trainer.core import clock
from trainer.core.access import Actor
from trainer.core.database import lock, transaction
from trainer.core.text import msg
from trainer.messages import services as messages
from trainer.people.models import Organisation


def save_rules(actor: Actor, university: University, *, two_people: bool, national_id: bool) -> None:
    """Switches the two-person rule and the masked national id on or off, for what is issued from now on.

    The university's other registrars get a mail when anything changed: one person alone could otherwise switch
    off the rule that binds them, and nobody would see it. Raises Refused when the actor is no registrar of the
    university.
    """
    require(can_keep(actor, university), msg("Only registrars of the university keep its rules."))
    wanted = {"two_people": two_people, "national_id": national_id}
    with transaction() as session:
        lock(Organisation, university.id)  # its first profile is made once
        profile = session.get(UniversityProfile, university.id, with_for_update=True, populate_existing=True)
        if profile is None:
            profile = UniversityProfile(organisation_id=university.id, two_people=False, national_id=False)
            session.add(profile)
        changed = {name: value for name, value in wanted.items() if getattr(profile, name) != value}
        if not changed:
            return
        for name, value in changed.items():
            setattr(profile, name, value)
        profile.updated_at = clock.now()
        record(actor, "university_rules.saved", f"organisation:{university.id}", **changed)
        for person_id, email, language in queries.correspondents(university.id, "registrar"):
            if person_id != actor.person_id:
                messages.send(
                    person_id,
                    email,
                    "accreditation/mail/rules",
                    language,
                    university=university,
                    by=actor.name,
                    changed=changed,
                )
