"""What is put together: which store a URL names, who comes in; nothing stays open when something is missing."""

from pathlib import Path

import pytest

from gateway.keys import KeyRefused
from gateway.settings import read
from gateway.wiring import NOBODY, Login, file_of, gateway, opened, server_of
from gateway.wrong_call import WrongCall
from graph.errors import PackError
from graph.neo4j_store.connection import Server
from tests.support import pack_folder
from tests.support.gateway_running import surroundings
from tests.support.operator import Operator

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///store.sqlite", "store.sqlite"),
        ("sqlite:////data/store.sqlite", "/data/store.sqlite"),
        ("sqlite:///a%20folder.sqlite", "a folder.sqlite"),
        ("sqlite:///usr/store.sqlite", "/usr/store.sqlite"),
        ("sqlite:///nowhere/store.sqlite", "nowhere/store.sqlite"),
    ],
)
def test_three_slashes_begin_here_unless_only_the_root_has_such_a_folder(
    url: str, file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert file_of(url) == Path(file)


def test_a_folder_that_is_here_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "usr").mkdir()
    assert file_of("sqlite:///usr/store.sqlite") == Path("usr/store.sqlite")


@pytest.mark.parametrize("url", ["redis://cache.example", "store.sqlite", ""])
async def test_a_store_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(WrongCall, match=r"is no store of this version; write `sqlite:///path` or `neo4j://host:7687`"):
        await opened(url)


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [("signing.jwk", "no key", KeyRefused), ("pack/law.csv", "jurisdiction\n", PackError)],
)
async def test_what_does_not_hold_opens_no_store(
    operator: Operator, file: str, content: str, fault: type[Exception]
) -> None:
    pack = pack_folder.written(operator.folder / "pack")
    settings = read(surroundings(**operator.settings(CATALOGUE=str(pack))))
    (operator.folder / file).write_text(content)
    with pytest.raises(fault):
        async with gateway(settings):
            pass
    assert not operator.store.exists()


def test_a_server_without_a_database_in_its_url_keeps_the_one_every_server_has() -> None:
    assert server_of("bolt://graph.example:7687", NOBODY) == Server("bolt://graph.example:7687", database="neo4j")


def test_the_path_of_a_servers_url_names_its_database() -> None:
    url = "neo4j+s://graph.example:7687/consent?policy=eu"

    assert server_of(url, NOBODY) == Server("neo4j+s://graph.example:7687?policy=eu", database="consent")


def test_the_password_is_what_its_file_holds_without_the_end_of_its_line(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(" within it\n")

    found = server_of("bolt://graph.example", Login("gateway", tmp_path / "password"))

    assert (found.user, found.password) == ("gateway", " within it")
    assert "within" not in repr(found)


def test_a_password_that_was_changed_is_read_again_from_its_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("old\n")
    found = server_of("bolt://graph.example", Login("gateway", tmp_path / "password"))

    (tmp_path / "password").write_text("new\n")

    assert found.renewed is not None
    assert (found.password, found.renewed()) == ("old", "new")
