"""An issuer's server that answers as it likes: any bytes, one at a time if that is what hurts; on loopback."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import repeat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

DRIP_SECONDS = 0.02  # between two pieces: often enough that no time-out of a socket is ever reached
HUNG_UP_SECONDS = 10.0  # a gateway hangs up after two; a busy machine is slower

Answer = Callable[[], Iterable[bytes]]


@dataclass(slots=True)
class BadIssuer:
    """Says what each connection is answered, how often it was asked, and whether the other side hung up."""

    listener: socket.socket
    answer: Answer
    tls: ssl.SSLContext | None = None
    asked: int = 0
    hung_up: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Return where its keys are."""
        return f"{'http' if self.tls is None else 'https'}://127.0.0.1:{self.listener.getsockname()[1]}/jwks"

    def serve(self) -> None:
        """Answer each connection in a thread of its own, until the listener is closed."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.asked += 1
            thread = threading.Thread(target=self._answered, args=(connection,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def _answered(self, plain: socket.socket) -> None:
        plain.settimeout(HUNG_UP_SECONDS)
        try:
            connection = plain if self.tls is None else self.tls.wrap_socket(plain, server_side=True)
        except OSError:  # who asks trusts no such certificate
            plain.close()
            return
        with connection:
            try:
                while b"\r\n\r\n" not in connection.recv(65_536):
                    pass
                for piece in self.answer():
                    connection.sendall(piece)
                    if self.closing.is_set():
                        return
            except OSError:
                self.hung_up.set()

    def dripping(self, before: bytes, drop: bytes) -> Iterator[bytes]:
        """Say what comes before, then one drop after the other, for ever."""
        yield before
        for one in repeat(drop):
            self.closing.wait(DRIP_SECONDS)
            yield one


def whole(body: bytes, status: str = "200 OK", *headers: str) -> Answer:
    """Return an answer with a body of known length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return lambda: ["\r\n".join(lines).encode() + body]


@contextmanager
def bad_issuer(answer: Answer, tls: ssl.SSLContext | None = None) -> Iterator[BadIssuer]:
    """Run such an issuer."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        found = BadIssuer(listener, answer, tls)
        thread = threading.Thread(target=found.serve, daemon=True)
        thread.start()
        yield found
        found.closing.set()
        listener.shutdown(socket.SHUT_RDWR)
    for one in (thread, *found.threads):
        one.join(HUNG_UP_SECONDS)


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return what a server on loopback proves itself with, and the file of who is to be trusted for it."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=True)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    trusted, whole_file = folder / "trusted.pem", folder / "server.pem"
    trusted.write_bytes(certificate.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    whole_file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whole_file)
    return context, trusted
