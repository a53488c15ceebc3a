"""Time stamps from a service (RFC 3161 over HTTP)."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

import aiohttp
from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

SECONDS = 10
LARGEST_ANSWER = 2**20  # a stamp with all its certificates is a few kilobytes
_REPLY = "application/timestamp-reply"


class StampService(HTTPTimeStamper):
    """pyHanko's client, which believes no answer that stamps something else than it was asked to, goes nowhere
    that an answer sends it, and reads no more than a stamp can be."""

    def __init__(self, url: str) -> None:
        super().__init__(url, timeout=SECONDS)

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        data = b""
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.timeout)) as session,
                session.post(
                    self.url, data=req.dump(), headers=self.request_headers(), allow_redirects=False
                ) as response,
            ):
                if response.status != 200 or response.content_type != _REPLY:
                    raise TimestampRequestError("the service gives no time stamp")
                async for piece in response.content.iter_chunked(2**16):
                    data += piece
                    if len(data) > LARGEST_ANSWER:
                        raise TimestampRequestError("the answer is larger than a time stamp")
        except (aiohttp.ClientError, OSError) as error:
            raise TimestampRequestError("the service does not answer") from error
        return tsp.TimeStampResp.load(data)

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


def is_inside(url: str) -> bool:
    """Whether a usable address names this computer or its network by number or as "localhost": what answers there
    need not be meant for whoever may only name a service."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return not ip_address(host).is_global
    except ValueError:
        # A bare word is looked up in the own network; digits are numbers written otherwise (127.1, 0x7f.1).
        last = host.rpartition(".")[2]
        return "." not in host or last == "localhost" or last[:1].isdigit()
