"""Letters about claims and appeals: neutral, without names of third people, competencies or levels."""

from __future__ import annotations

from collections.abc import Iterable

from trainer.cohorts.models import Course
from trainer.messages.services import send
from trainer.people.models import Person


def tell(people: Iterable[Person], what: str, course: Course, path: str) -> None:
    """Queues, in the caller's transaction, a mail that something waits (`what`) at the address `path`; who has no address gets
    none, and sees it on their page."""
    for person in people:
        if person.email and person.erased_at is None:
            send(
                person.id,
                person.email,
                "competency/mail/news",
                person.language or course.language,
                name=person.given_name,
                what=what,
                course=course,
                path=path,
            )
