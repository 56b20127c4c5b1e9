"""An OTLP collector that keeps what it is sent: spans and metrics as bytes, texts in them as they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from tests.support.heard import Heard


@contextmanager
def collecting(heard: Heard) -> Iterator[str]:
    """Collect on a free port of this machine; gives the address to send to."""

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.note(f"a collector at {self.path}", self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()
