"""Headers that every response carries, and downloads."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any
from urllib.parse import quote

from flask import Flask, Request, Response, g, get_template_attribute, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.routing import IntegerConverter, Map, PathConverter, UnicodeConverter

from trainer.core.tables import CSV_TYPE, XLSX_TYPE, write_csv, write_xlsx

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def security_headers(app: Flask, *, secure: bool) -> None:
    """A strict content security policy and its companions; pages of people are never stored by caches."""

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # The pages name people on a course whose mere mention can disclose a health history.
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        if secure:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


class Typed(ImmutableMultiDict[str, Any]):
    """What came in an address or a form, without NULs: nobody can type one, and PostgreSQL keeps no text with one."""

    def __init__(self, mapping: Any = None) -> None:
        if mapping is None or isinstance(mapping, MultiDict):
            super().__init__(mapping)
        else:
            pairs = mapping.items() if isinstance(mapping, Mapping) else mapping
            super().__init__([(name, _without_nul(value)) for name, value in pairs])


def _without_nul(value: Any) -> Any:
    return value.replace("\0", "") if isinstance(value, str) else value


class InMemoryRequest(Request):
    """A request whose files stay in memory, whatever their size (MAX_CONTENT_LENGTH bounds it): a certificate that
    somebody drops for a check, or a roster, is never written to the server's disk on the way."""

    parameter_storage_class = Typed

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return io.BytesIO()


class RowNumber(IntegerConverter):
    """<int:…> in an address, no larger than a database column holds: beyond it there is nothing (404)."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**31 - 1)


class Word(UnicodeConverter):
    """<…> in an address. Nothing here is called by a name with a NUL in it (404), and PostgreSQL is not asked."""

    def __init__(self, url_map: Map, *arguments: Any, **named: Any) -> None:
        super().__init__(url_map, *arguments, **named)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


class Words(PathConverter):
    """<path:…> in an address, likewise."""

    regex = r"[^/\x00][^\x00]*?"


def download(data: bytes, name: str, mimetype: str) -> Response:
    """`data` as an attachment called `name` (any script: RFC 5987)."""
    response = Response(data, mimetype=mimetype)
    plain = name.encode("ascii", "ignore").decode().replace('"', "")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    )
    return response


def table_file(name: str, form: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Response:
    """A list as CSV (`form` csv) or as a workbook; `name` is the file's, without ending. Who took it is noted in the
    access log, whatever guards the route: a file leaves the product."""
    if "accessed" not in g:
        g.accessed = (request.endpoint or "", dict(request.view_args or {}))
    if form == "csv":
        return download(write_csv(header, rows), f"{name}.csv", CSV_TYPE)
    return download(write_xlsx(name, header, rows), f"{name}.xlsx", XLSX_TYPE)


def file_form() -> str:
    """What the address that ends in `.<any(csv, xlsx):form>` asks for: csv or xlsx."""
    return str((request.view_args or {}).get("form", "csv"))


def of_file(load: Callable[..., Any]) -> Callable[..., Any]:
    """The loader of a page, for the address of its file: what is in it does not depend on the form."""

    def loaded(form: str, **view_args: Any) -> Any:
        return load(**view_args)

    return loaded


def chip_word(kind: object) -> str:
    """The word of a status, as its chip on the page has it."""
    return str(get_template_attribute("macros.html", "chip_words")(str(kind))).strip()
