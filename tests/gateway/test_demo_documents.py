"""The demonstration's documents: one for each partner and leaf purpose the register opens, asking for all."""

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.demo_documents import documents
from gateway.documents import document_id
from graph.catalogue import Catalogue, RegisterRow
from graph.pack import load
from graph.terms import Basis, Operation
from tests.support import pack_folder

DISCLOSE = ("acme", Operation.DISCLOSE)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return load(str(pack_folder.written(tmp_path / "pack"))).catalogue


def opened(catalogue: Catalogue, *cells: tuple[str, str]) -> Catalogue:
    """Return the catalogue whose register opens these purposes and categories to acme."""
    rows = tuple(RegisterRow("acme", *cell, Operation.DISCLOSE, Basis.CONSENT) for cell in cells)
    return replace(catalogue, register={**catalogue.register, DISCLOSE: rows})


def test_a_document_asks_for_every_exposed_attribute_below_a_category_of_the_register(catalogue: Catalogue) -> None:
    (found,) = documents(opened(catalogue, ("play.match", "hobby")), ["acme"])
    assert (found.recipient, found.name, found.purpose) == ("acme", "acme_play_match", "play.match")
    assert (found.operation, found.keys) == (Operation.DISCLOSE, ("hobby.level",))
    assert found.id == document_id(found.body)
    assert 'subjects(ids: $ids, purpose: "play.match")' in found.body
    assert 'sheet(keys: ["hobby.level"])' in found.body


def test_each_leaf_purpose_has_a_document_of_its_own(catalogue: Catalogue) -> None:
    cells = (("run", "hobby"), ("play.match", "hobby"), ("play", "hobby"), ("play.match", "limb"))
    assert [(one.purpose, one.keys) for one in documents(opened(catalogue, *cells), ["acme"])] == [
        ("play.match", ("hobby.level", "limb.reach")),
        ("run", ("hobby.level",)),
    ]


def test_whoever_may_have_nothing_has_no_document(catalogue: Catalogue) -> None:
    assert documents(opened(catalogue, ("run", "limb")), ["acme"]) == ()
    assert documents(catalogue, ["nobody", "house"]) == ()
