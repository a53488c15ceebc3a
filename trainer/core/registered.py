"""What the application factory registered, for layers that know nothing of Flask."""

from __future__ import annotations

from typing import Any

from flask import current_app


def registered(name: str) -> Any:
    """The current application's extension `name`. Raises KeyError when nobody registered it."""
    return current_app.extensions[name]


def setting(name: str) -> Any:
    """The current application's configuration value `name`. Raises KeyError when there is none."""
    return current_app.config[name]


def render_text(name: str, /, **values: Any) -> str:
    """A template without a page around it: a mail knows nothing of a request, nor of who is signed in."""
    return current_app.jinja_env.get_template(name).render(**values)
