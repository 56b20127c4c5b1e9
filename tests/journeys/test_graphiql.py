"""GraphiQL in a real browser: nothing inline, nothing from elsewhere, nothing kept, and real answers."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.journeys.conftest import Starting
from tests.support.browser import Watched, running_browser, watched_page
from tests.support.gateway_running import GatewayRunning, started
from tests.support.heard import Heard
from tests.support.places import Files
from tests.support.polling import until

pytestmark = [pytest.mark.journey, pytest.mark.slow]
LEDGER = "{ ledger { length head intact firstBroken } }"
EDITOR = "document.querySelector('.graphiql-%s .CodeMirror').CodeMirror"


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Keep what the gateway knows in a file: what a browser shows does not depend on it."""
    return Files(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def running(heard: Heard, place: Files) -> Iterator[GatewayRunning]:
    kept = place.empty()
    found = started(heard, kept.arguments, settings=kept.settings)
    yield found
    found.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as found:
        yield found


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    with watched_page(browser) as found:
        yield found


def opened(watched: Watched, running: GatewayRunning, role: str) -> Page:
    """Open the page and show it the token of a role."""
    page = watched.page
    page.goto(f"{running.announced['url']}/graphiql")
    shown(page, running.announced["tokens"][role])
    return page


def shown(page: Page, token: str) -> None:
    page.fill("#token", token)
    page.click("form.token button")
    page.wait_for_selector(".graphiql-execute-button")


def tab(page: Page, name: str) -> Locator:
    return page.locator(".graphiql-tab-button", has_text=re.compile(f"^{name}$"))


def ran(page: Page, name: str) -> dict[str, Any]:
    """Run the document of a tab, once the editor has taken it up; return what the page shows as its answer."""
    tab(page, name).click()
    until(lambda: page.evaluate(f"{EDITOR % 'query-editor'}.operationName") == name)
    with page.expect_response(lambda one: one.url.endswith("/graphql")):
        page.click(".graphiql-execute-button")
    answer = f"{EDITOR % 'response'}.getValue()"
    until(lambda: page.evaluate(answer) != "")
    return dict(json.loads(page.evaluate(answer)))


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


def test_an_officer_asks_reads_the_documentation_and_leaves_nothing_behind(
    running: GatewayRunning, watched: Watched
) -> None:
    page = opened(watched, running, "officer")
    assert page.get_by_role("tab").all_inner_texts() == ["Ledger", "Recipients", "Lineage", "Releases"]
    assert ran(page, "Ledger") == running.role("officer").ask(LEDGER).body
    page.get_by_label("Show Documentation Explorer").click()
    page.locator(".graphiql-doc-explorer").get_by_role("link", name="Query").click()
    page.get_by_text("Head of the hash chain and the result of checking it.").wait_for()
    page.get_by_label("Open settings dialog").click()
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")

    assert (watched.said, watched.refused, watched.origins) == ([], [], {running.announced["url"]})
    assert watched.kept == {"local": {}, "session": {}, "databases": [], "cookies": []}
    token = running.announced["tokens"]["officer"]
    assert (page.input_value("#token"), token in page.url + page.content()) == ("", False)
    page.reload()
    page.wait_for_selector("#token")
    assert page.locator(".graphiql-container").count() == 0, "the token is gone with the page"


def test_a_client_in_development_sees_its_own_answer_and_another_token_begins_anew(
    running: GatewayRunning, watched: Watched
) -> None:
    page = opened(watched, running, "noor_headset")
    assert ran(page, "Comfort")["data"]["me"]["comfort"]["turning"] == {"outcome": "RELEASED", "value": "snap_45"}
    shown(page, running.announced["tokens"]["officer"])
    tab(page, "Recipients").wait_for()
    assert "snap_45" not in page.content()
    assert ran(page, "Lineage")["data"]["lineage"]["edges"] != []
    assert (watched.said, watched.refused, watched.origins) == ([], [], {running.announced["url"]})
    shown(page, "no.such.token")
    assert codes(ran(page, "Devices")) == ["UNAUTHENTICATED"]


def test_in_production_it_serves_an_officer_and_a_client_is_told_no(starting: Starting, watched: Watched) -> None:
    running = starting(DEVELOPMENT="0", GRAPHIQL="1")
    page = opened(watched, running, "officer")
    assert ran(page, "Ledger")["data"]["ledger"]["intact"] is True
    assert watched.said == []
    shown(page, running.announced["tokens"]["noor_phone"])
    assert codes(ran(page, "Devices")) == ["PERSISTED_DOCUMENT_REQUIRED"]
    assert (watched.refused, watched.origins) == ([], {running.announced["url"]})
