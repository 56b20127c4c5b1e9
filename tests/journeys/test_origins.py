"""Pages of other origins in a real browser: one on the list asks with its token and reads, any other reads nothing."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.journeys.conftest import Starting
from tests.support.browser import running_browser, watched_page
from tests.support.places import Files

pytestmark = [pytest.mark.journey, pytest.mark.slow]

# Asks as an application would; what it may read of the answer, or the browser's word that it may not.
ASK = """async ([url, token, credentials]) => {
  const sent = {method: "POST", credentials, body: JSON.stringify({query: "{ devices { id } }"}),
    headers: {authorization: `Bearer ${token}`, "content-type": "application/json", traceparent: "00-0-0-00"}};
  try {
    const answer = await fetch(url, sent);
    return [answer.status, await answer.json(), answer.headers.has("ratelimit"), answer.headers.has("vary")];
  } catch (fault) { return fault.name; }
}"""


class _Page(BaseHTTPRequestHandler):
    """An empty page of another origin."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Keep what the gateway knows in a file: what a browser lets a page read does not depend on it."""
    return Files(tmp_path_factory.mktemp("place"))


@pytest.fixture
def elsewhere() -> Iterator[int]:
    """Serve empty pages at a port: by its number and by its name that is two origins."""
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_a_page_on_the_list_reads_its_answer_and_another_reads_nothing(starting: Starting, elsewhere: int) -> None:
    ours, strangers = f"http://127.0.0.1:{elsewhere}", f"http://localhost:{elsewhere}"
    running = starting(ORIGINS=ours)
    asked = [running.graphql, running.announced["tokens"]["jon_web"]]
    with running_browser() as browser, watched_page(browser) as watched:
        watched.page.goto(ours)
        allowed = watched.page.evaluate(ASK, [*asked, "omit"])
        with_cookies = watched.page.evaluate(ASK, [*asked, "include"])
        watched.page.goto(strangers)
        refused = watched.page.evaluate(ASK, [*asked, "omit"])
    assert allowed == [200, {"data": {"devices": [{"id": "jon_browser"}]}}, True, False]
    assert (with_cookies, refused) == ("TypeError", "TypeError")
