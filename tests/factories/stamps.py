"""A time stamp service (RFC 3161) and the revocation list of its authority, on a port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

DER = serialization.Encoding.DER


def name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def certificate(
    common: str,
    key: Any,
    issuer: tuple[Any, x509.Certificate] | None = None,
    *,
    begin: datetime | None = None,
    end: datetime | None = None,
    usage: dict[str, bool] | None = None,
    purposes: list[x509.ObjectIdentifier] | None = None,
    lists_at: str | None = None,
) -> x509.Certificate:
    """A certificate for `key`, issued by `issuer` (key, certificate) or by itself as an authority."""
    now = datetime.now(UTC)
    authority = issuer is None
    names = {
        "digital_signature": not authority,
        "content_commitment": not authority and purposes is None,
        "key_encipherment": False,
        "data_encipherment": False,
        "key_agreement": False,
        "key_cert_sign": authority,
        "crl_sign": authority,
        "encipher_only": False,
        "decipher_only": False,
    }
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(name(common) if issuer is None else issuer[1].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin or now - timedelta(days=2))
        .not_valid_after(end or now + timedelta(days=700))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{**names, **(usage or {})}), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=True)
    if lists_at:
        place = x509.DistributionPoint([x509.UniformResourceIdentifier(lists_at)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([place]), critical=False)
    return builder.sign(key if issuer is None else issuer[0], hashes.SHA256())


def revocation_list(key: Any, authority: x509.Certificate) -> x509.CertificateRevocationList:
    now = datetime.now(UTC)
    return (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.subject)
        .last_update(now - timedelta(hours=1))
        .next_update(now + timedelta(days=7))
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


class Stamper(DummyTimeStamper):
    """pyHanko's, with its key read once: that takes longer than all the rest of a stamp."""

    def __init__(self, key: rsa.RSAPrivateKey, **values: Any) -> None:
        super().__init__(**values)
        self.key = key

    def _sign_tst_info(self, *values: Any) -> Any:
        with patch.object(serialization, "load_der_private_key", lambda *_, **__: self.key):
            return super()._sign_tst_info(*values)


class Service:
    """The running service: its address, what it answers, and how often it was asked."""

    def __init__(self, url: str) -> None:
        self.url, self.lists_at = f"{url}/stamp", f"{url}/list"
        self.asked, self.mode = 0, "stamp"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.authority = certificate("Stamp authority", self.key)
        own = rsa.generate_private_key(65537, 2048)  # DummyTimeStamper knows no other kind
        stamper = certificate(
            "Stamp service",
            own,
            (self.key, self.authority),
            purposes=[ExtendedKeyUsageOID.TIME_STAMPING],
            lists_at=self.lists_at,
        )
        store = SimpleCertificateStore()
        store.register(asn1_x509.Certificate.load(self.authority.public_bytes(DER)))
        private = own.private_bytes(DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        self.stamper = Stamper(
            own,
            tsa_cert=asn1_x509.Certificate.load(stamper.public_bytes(DER)),
            tsa_key=asn1_keys.PrivateKeyInfo.load(private),
            certs_to_embed=store,
        )
        self.list = revocation_list(self.key, self.authority).public_bytes(DER)

    def answer(self, request: bytes) -> bytes:
        self.asked += 1
        if self.mode == "nonsense":
            return b"nonsense"
        asked = tsp.TimeStampReq.load(request)
        if self.mode == "other":
            asked["message_imprint"]["hashed_message"] = b"\0" * 32
        return bytes(self.stamper.request_tsa_response(asked).dump())


@contextmanager
def running() -> Iterator[Service]:
    """The service while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if service.mode == "error":
                self.send_error(503)
                return
            if service.mode == "elsewhere" and self.path != "/elsewhere":
                self.send_response(307)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if service.mode == "endless":
                with suppress(OSError):  # whoever asked hangs up
                    self.reply("application/timestamp-reply", service.answer(body) + b"\0" * 2**24)
                return
            self.reply("application/timestamp-reply", service.answer(body))

        def do_GET(self) -> None:
            self.reply("application/pkix-crl", service.list)

        def reply(self, kind: str, data: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *values: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service = Service(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
