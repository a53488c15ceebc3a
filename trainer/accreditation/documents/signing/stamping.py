"""Time stamps from a service (RFC 3161 over HTTP)."""

from __future__ import annotations

from urllib.parse import urlsplit

from asn1crypto import cms
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

SECONDS = 10


class StampService(HTTPTimeStamper):
    """pyHanko's client, which believes no answer that stamps something else than it was asked to."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=SECONDS)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            content = token["content"]["encap_content_info"]["content"].parsed
            imprint = content["message_imprint"]
            same = (
                imprint["hashed_message"].native == message_digest
                and imprint["hash_algorithm"]["algorithm"].native == md_algorithm
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise TimestampRequestError("the answer is no time stamp") from error
        if not same:
            raise TimestampRequestError("the service stamped something else")
        return token


def usable_address(url: str) -> bool:
    """Whether `url` can be the address of a time stamp service: http or https, without a password in it."""
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and parts.username is None
            and parts.port != 0
        )
    except ValueError:
        return False
