"""A pack that takes a name of the contract is told in a line by every command that reads it."""

import pytest

from gateway.cli import main
from gateway.commands import NO, WRONG
from tests.support.pack_folder import changed

TOLD = "attributes.csv:5: column `graphql_type`: `Query` is a type of the contract itself; name the domain otherwise"


@pytest.fixture(autouse=True)
def pack(tmp_path, monkeypatch):
    folder = changed(tmp_path, "attributes.csv", "Hobby,tunes", "Query,tunes")
    monkeypatch.setenv("CONSENT_GATEWAY_CATALOGUE", str(folder))


def test_check_says_so_and_its_answer_is_no(capsys):
    assert main(["check"]) == NO
    assert f"catalogue pack: {TOLD}" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("audience", ["client", "partner", "governance"])
def test_the_schema_of_no_audience_is_printed(capsys, audience):
    assert main(["schema", audience]) == WRONG
    assert capsys.readouterr() == ("", f"consent-gateway schema: {TOLD}\n")
