"""A real Chromium, headless, and what is heard of a page: its messages, what its policy refused, whom it asked."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
ANY_BROWSER = f"install Chromium (Debian: apt-get install chromium), as one of {', '.join(NAMES)}"
# The page tells itself what its policy refused: the console's words are a browser's own, and change.
WATCHING = """globalThis.refused = [];
addEventListener("securitypolicyviolation", (one) => refused.push(`${one.violatedDirective} ${one.blockedURI}`));
"""


@dataclass(slots=True)
class Watched:
    """A page, and what was heard of it."""

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    @property
    def origins(self) -> set[str]:
        """Return whom the page asked for anything."""
        return {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, self.asked) if parts.scheme != "data"}

    @property
    def refused(self) -> list[str]:
        """Return what its policy refused."""
        return list(self.page.evaluate("refused"))

    @property
    def kept(self) -> dict[str, object]:
        """Return what the browser would still know after the page is left."""
        stored = self.page.evaluate("({local: {...localStorage}, session: {...sessionStorage}})")
        databases = self.page.evaluate("indexedDB.databases()")
        return {**stored, "databases": databases, "cookies": self.page.context.cookies()}


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Start a browser; skips where there is none, and fails if `CI` is set."""
    with sync_playwright() as driver:
        # without its sandbox, which root may not use; it visits nothing but this machine
        browser = driver.chromium.launch(executable_path=_found(), args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def watched_page(browser: Browser) -> Iterator[Watched]:
    """Open a page that shares nothing with any other, and watch it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    watched = Watched(context.new_page())
    watched.page.add_init_script(WATCHING)
    watched.page.on("console", lambda one: watched.said.append(f"{one.type}: {one.text}"))
    watched.page.on("pageerror", lambda one: watched.said.append(f"error: {one}"))
    watched.page.on("request", lambda one: watched.asked.append(one.url))
    yield watched
    context.close()


def _found() -> str:
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"no browser: {ANY_BROWSER}")
        pytest.skip(f"no browser: {ANY_BROWSER}")
    return found
