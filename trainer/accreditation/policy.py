"""Who may propose, decide, issue and see certificates. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from trainer.cohorts.policy import CourseLike, can_accredit, can_manage, can_see

if TYPE_CHECKING:
    from trainer.core.access import Actor


class OfUniversity(Protocol):
    """A university, or anything that belongs to one."""

    @property
    def university_id(self) -> int: ...


class CertificateLike(Protocol):
    """What the policies need of a certificate."""

    @property
    def university_id(self) -> int: ...
    @property
    def person_id(self) -> int: ...
    @property
    def course(self) -> CourseLike: ...


def can_see_eligibility(actor: Actor, course: CourseLike) -> bool:
    """See who is eligible and why not yet: the provider's staff."""
    return can_see(actor, course)


def can_propose(actor: Actor, course: CourseLike) -> bool:
    """Propose, answer the registrar's questions, withdraw a proposal: the provider's organisers."""
    return can_manage(actor, course)


def can_decide(actor: Actor, course: CourseLike) -> bool:
    """Query, approve and issue: the registrars of the course's university."""
    return can_accredit(actor, course)


def can_open_registry(actor: Actor, thing: object = None) -> bool:
    """Open the registry, which shows the universities where the actor is registrar."""
    return actor.is_admin or actor.holds("registrar")


def can_keep(actor: Actor, thing: OfUniversity) -> bool:
    """Keep a university's profile and certificates (list, revoke, reinstate, reissue): its registrars."""
    return actor.has("registrar", thing.university_id)


def can_keep_keys(actor: Actor, thing: OfUniversity) -> bool:
    """Take in, rotate and retire the keys that a university signs with: administrators and its registrars."""
    return actor.is_admin or actor.has("registrar", thing.university_id)


def can_download(actor: Actor, certificate: CertificateLike) -> bool:
    """Have the document: its holder, the university's registrars, and the organisers who hand it out."""
    return (
        is_holder(actor, certificate) or can_keep(actor, certificate) or can_manage(actor, certificate.course)
    )


def is_holder(actor: Actor, certificate: CertificateLike) -> bool:
    """The certificate is the actor's own; nobody else hides or shows its name."""
    return actor.person_id is not None and actor.person_id == certificate.person_id


class ProposalLike(Protocol):
    """What the policies need of a proposal."""

    @property
    def course(self) -> CourseLike: ...


def can_decide_on(actor: Actor, proposal: ProposalLike) -> bool:
    """Read a proposal's evidence and decide on it: the registrars of the course's university."""
    return can_decide(actor, proposal.course)


def can_read_proposal(actor: Actor, proposal: ProposalLike) -> bool:
    """See a proposal on the course's page: the provider's staff."""
    return can_see_eligibility(actor, proposal.course)


def can_withdraw(actor: Actor, proposal: ProposalLike) -> bool:
    """Withdraw a proposal and answer about it on the course's page: the provider's organisers."""
    return can_propose(actor, proposal.course)


def can_hand_out(actor: Actor, certificate: CertificateLike) -> bool:
    """Have the document on the course's page: the provider's organisers."""
    return can_manage(actor, certificate.course)
