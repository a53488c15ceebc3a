"""Loading is authorising: a view gets its thing through one decorator that names loader and policy.

Not signed in: to the sign-in page, whatever the address (nothing is given away). Signed in but an outsider: 404.
May read but not write: 403. Every route carries `__access__`; a test walks the map and fails on one without.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import abort, current_app, g, request
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ROLES = ("admin", "organiser", "trainer", "assessor", "registrar", "supervisor")


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with roles in organisations, or the command line itself (`system`)."""

    person_id: int | None = None
    account_id: int | None = None
    name: str = ""
    roles: frozenset[tuple[str, int | None]] = field(default_factory=frozenset)
    system: bool = False
    os_user: str | None = None

    @property
    def is_admin(self) -> bool:
        """An administrator of the instance, or the command line without --as."""
        return self.system or any(role == "admin" for role, _ in self.roles)

    @property
    def signed_in(self) -> bool:
        return self.system or self.account_id is not None

    def has(self, role: str, organisation_id: int | None) -> bool:
        """True when the actor holds `role` in that organisation (administrators hold every role)."""
        return self.is_admin or (role, organisation_id) in self.roles

    def organisations(self, role: str) -> frozenset[int]:
        """Ids of the organisations in which the actor holds `role` by membership."""
        return frozenset(place for name, place in self.roles if name == role and place is not None)

    def holds(self, role: str) -> bool:
        """True when the actor holds `role` anywhere by membership."""
        return any(name == role for name, _ in self.roles)


ANONYMOUS = Actor()


@dataclass(frozen=True)
class Access:
    """What a route declares; read by the architecture tests and the access matrix."""

    kind: str  # "public", "signed_in" or "policy"
    why: str = ""
    read: str = ""
    write: str = ""


def current_actor() -> Actor:
    """The actor of this request; ANONYMOUS when nobody is signed in."""
    if "actor" not in g:
        finder = current_app.extensions["trainer_actor"]
        g.actor = finder() or ANONYMOUS
    actor: Actor = g.actor
    return actor


def to_sign_in() -> Response:
    """Answer for a visitor who has to sign in first; machines get 401."""
    response: Response = current_app.extensions["trainer_sign_in"]()
    return response


def public(why: str) -> Callable[[View], View]:
    """Anyone may call the view; `why` says the reason."""

    def decorate(view: View) -> View:
        view.__access__ = Access("public", why=why)  # type: ignore[attr-defined]
        return view

    return decorate


def signed_in(view: View) -> View:
    """Anyone with an account may call the view, which looks only at what is the actor's own."""

    @functools.wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_actor().signed_in:
            return to_sign_in()
        return view(*args, **kwargs)

    guarded.__access__ = Access("signed_in")  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def access(
    *,
    load: Callable[..., Any],
    read: Callable[[Actor, Any], bool],
    write: Callable[[Actor, Any], bool] | None = None,
    write_on_get: bool = False,
) -> Callable[[View], View]:
    """The view gets `load(**view_args)` as its one positional argument, once the policies have agreed.

    `write` is asked for unsafe methods, and for GET with `write_on_get` (the page that shows a form). Without
    `write`, reading is enough for every method of the route.
    """

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(**kwargs: Any) -> Any:
            actor = current_actor()
            if not actor.signed_in:
                return to_sign_in()
            thing = load(**kwargs)
            if thing is None or not read(actor, thing):
                abort(404)
            writing = request.method not in SAFE or write_on_get
            if writing and write is not None and not write(actor, thing):
                abort(403)
            g.accessed = (request.endpoint or "", kwargs)
            return view(thing)

        guarded.__access__ = Access(  # type: ignore[attr-defined]
            "policy", read=_name(read), write=_name(write) if write else _name(read)
        )
        return guarded  # type: ignore[return-value]

    return decorate


def _name(policy: Callable[..., Any]) -> str:
    return f"{policy.__module__}.{getattr(policy, '__qualname__', policy)}"
