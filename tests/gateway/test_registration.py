"""`documents` at the command line: what is said of each document, what is registered, and what refuses it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from gateway.documents import document_id
from gateway.wiring import opened
from graph.catalogue import Recipient
from graph.store import Additions, Command, RegisteredDocument
from graph.terms import Operation
from tests.gateway.test_explained import YES
from tests.support import pack_folder
from tests.support.command import Called, called
from tests.support.operator import Operator

LEVEL = 'query Level { subject(id: "a", purpose: "play.match") { sheet(keys: ["hobby.level"]) { notAvailable } } }'
MORE = (
    'query More($id: ID!, $keys: [AttributeKey!] = ["limb.reach", "no.such"]) '
    '{ subject(id: $id, purpose: "play.match") { sheet(keys: $keys) { notAvailable } } }'
)
TYPED = 'query Typed { me(purpose: "play.match") { limb { reach { low } } } }'
UNKNOWN = "query Unknown { nothing }"
RAN = 'query Ran { me(purpose: "run") { id } }'
FOR = ("--recipient", "acme", "--purpose", "play.match")


@pytest.fixture
def desk(operator: Operator) -> Operator:
    """Return an operator of a pack of its own, in whose folder there is room for documents."""
    pack_folder.written(operator.folder / "pack")
    (operator.folder / "documents").mkdir()
    return operator


def written(desk: Operator, *bodies: str) -> Path:
    """Write documents, each in a file of its own in the order given, and return their folder."""
    folder = desk.folder / "documents"
    for place, body in enumerate(bodies):
        (folder / f"{place}.graphql").write_text(body)
    return folder


def manifest(desk: Operator, rows: Mapping[str, str]) -> Path:
    path = desk.folder / "manifest.json"
    path.write_text(json.dumps(rows))
    return path


def documents(desk: Operator, act: str, *files: Path, asked: tuple[str, ...] = FOR) -> Called:
    settings = desk.settings(CATALOGUE=str(desk.folder / "pack"))
    return called("documents", act, *files, *asked, settings=settings)


def additions(desk: Operator) -> Additions:
    async def read() -> Additions:
        store = await opened(f"sqlite:///{desk.store}")
        found = await store.additions()
        await store.aclose()
        return found

    return anyio.run(read)


def row(body: str, name: str, **more: Any) -> RegisteredDocument:
    plain = {"purpose": "play.match", "operation": Operation.DISCLOSE, "keys": ("hobby.level",)}
    return RegisteredDocument(id=document_id(body), recipient="acme", name=name, body=body, **{**plain, **more})


def test_a_document_that_may_be_given_all_it_asks_is_done(desk: Operator) -> None:
    told = documents(desk, "check", written(desk, LEVEL))
    assert (told.code, told.err) == (0, "")
    assert told.out == f"{document_id(LEVEL)} Level\n  hobby.level S2 DISCLOSE on LEGITIMATE_INTERESTS\n"


def test_what_would_never_be_released_is_a_no_and_told_with_its_cause(desk: Operator) -> None:
    told = documents(desk, "check", written(desk, LEVEL, MORE))
    assert (told.code, told.err) == (1, "")
    assert told.out.splitlines()[2:] == [
        f"{document_id(MORE)} More",
        "  limb.reach S3 special never released: the register of processing has no row for DISCLOSE",
        "  no.such    -- never released: no attribute of the catalogue has this key",
        "  its variables may name more",
    ]


def test_a_document_that_could_not_be_registered_is_a_no_and_every_other_is_still_told(desk: Operator) -> None:
    told = documents(desk, "check", written(desk, UNKNOWN, RAN, "{", LEVEL))
    assert told.code == 1
    unknown, why, ran, other, broken, *level = told.out.splitlines()
    assert (unknown, ran) == (f"{document_id(UNKNOWN)} Unknown", f"{document_id(RAN)} Ran")
    assert why.startswith("  cannot be registered: the document holds for no contract; mend it (as a partner's: ")
    assert other == (
        "  cannot be registered: the document names another purpose than the one it is registered for; make them equal"
    )
    assert broken == (
        f"cannot be registered: `{desk.folder}/documents/2.graphql`: "
        "`the file` is no GraphQL document; generate it again"
    )
    assert level[0] == f"{document_id(LEVEL)} Level"


def test_the_same_as_one_document_for_machines(desk: Operator) -> None:
    folder = written(desk, LEVEL)
    told = documents(desk, "check", folder, asked=(*FOR, "--json"))
    assert (told.code, told.out.count("\n")) == (0, 1)
    assert json.loads(told.out) == [
        {
            "file": str(folder / "0.graphql"),
            "id": document_id(LEVEL),
            "name": "Level",
            "fault": None,
            "audience": "partner",
            "attributes": [
                {
                    "key": "hobby.level",
                    "sensitivity": "S2",
                    "special": False,
                    "registered": True,
                    "bases": {"DISCLOSE": "LEGITIMATE_INTERESTS"},
                    "neverReleased": [],
                }
            ],
            "variablesMayNameMore": False,
        }
    ]


def test_a_machine_is_told_what_stands_in_the_way(desk: Operator) -> None:
    folder = written(desk, MORE, "{")
    told = documents(desk, "check", folder, asked=(*FOR, "--json"))
    more, broken = json.loads(told.out)
    reach, unknown = more["attributes"]
    assert (told.code, more["variablesMayNameMore"]) == (1, True)
    assert (reach["special"], reach["registered"], reach["bases"]) == (True, False, {"DISCLOSE": None})
    assert reach["neverReleased"] == ["the register of processing has no row for DISCLOSE"]
    assert (unknown["sensitivity"], unknown["registered"], unknown["bases"]) == (None, False, {})
    assert (broken["id"], broken["name"], broken["audience"], broken["attributes"]) == (None, None, None, [])
    assert broken["fault"].startswith(f"`{folder}/1.graphql`: ")


def test_the_controller_uses_and_another_operation_is_asked_for_beside(desk: Operator) -> None:
    folder, asked = (
        written(desk, TYPED.replace("limb { reach { low } }", "hobby { level { value } }")),
        (
            "--recipient",
            "house",
            *FOR[2:],
        ),
    )
    used = documents(desk, "check", folder, asked=asked)
    trains = documents(desk, "check", folder, asked=(*asked, "--operation", "TRAIN"))
    assert (used.code, used.out.splitlines()[1]) == (0, "  hobby.level S2 USE on CONSENT")
    assert (trains.code, trains.out.splitlines()[1]) == (
        1,
        "  hobby.level S2 never released: the register of processing has no row for TRAIN",
    )


def test_one_manifest_holds_documents_of_several_purposes_and_each_is_bound_to_its_own(desk: Operator) -> None:
    devices = "query Devices { devices { id } }"
    bodies = {"Ran": RAN, "Devices": devices, "Played": RAN.replace("Ran", "Played").replace("run", "play.match")}
    path = manifest(desk, {document_id(body): body for body in bodies.values()})
    asked = ("--recipient", "house", "--purpose", "play.match", "--purpose", "run")
    assert documents(desk, "register", path, asked=asked[:-2]).code == 1
    assert documents(desk, "register", path, asked=asked).code == 0
    assert {one.name: one.purpose for one in additions(desk).documents} == {
        "Played": "play.match",
        "Ran": "run",
        "Devices": "play.match",
    }


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_no_word_of_a_document_reaches_the_terminal_as_a_command_to_it(desk: Operator, more: tuple[str, ...]) -> None:
    told = documents(
        desk, "check", written(desk, LEVEL.replace("hobby.level", "a\\u001b[2J\\nb\u202e")), asked=(*FOR, *more)
    )
    assert told.code == 1
    assert told.out.isascii()
    assert "\x1b" not in told.out
    assert "\\u202e" in told.out


def test_a_check_registers_nothing(desk: Operator) -> None:
    documents(desk, "check", written(desk, LEVEL))
    assert additions(desk) == Additions()


def test_documents_are_registered_as_the_officer_would_and_their_ids_are_printed(desk: Operator) -> None:
    told = documents(desk, "register", manifest(desk, {document_id(LEVEL): LEVEL}), written(desk, MORE))
    assert (told.code, told.err) == (0, "")
    assert told.out == f"{document_id(LEVEL)} Level\n{document_id(MORE)} More\n"
    assert additions(desk) == Additions(
        1, documents=(row(LEVEL, "Level"), row(MORE, "More", keys=("limb.reach", "no.such")))
    )


def test_the_same_documents_again_change_nothing_and_are_answered_alike(desk: Operator) -> None:
    folder = written(desk, LEVEL)
    first, before = documents(desk, "register", folder), additions(desk)
    again = documents(desk, "register", folder, folder, manifest(desk, {document_id(LEVEL): LEVEL}))
    assert (again, additions(desk)) == (first, before)


def test_another_operation_takes_the_place_of_the_former_and_back(desk: Operator) -> None:
    folder = written(desk, LEVEL)
    for more, operation in (((), "DISCLOSE"), (("--operation", "TRAIN"), "TRAIN"), ((), "DISCLOSE")):
        assert documents(desk, "register", folder, asked=(*FOR, *more)).code == 0
        assert additions(desk).documents == (row(LEVEL, "Level", operation=Operation(operation)),)


def test_the_ids_for_machines(desk: Operator) -> None:
    told = documents(desk, "register", written(desk, LEVEL), asked=(*FOR, "--json"))
    assert told.code == 0
    assert json.loads(told.out) == [{"id": document_id(LEVEL), "name": "Level", "keys": ["hobby.level"]}]


@pytest.mark.parametrize("body", [UNKNOWN, RAN, "{", LEVEL.replace("Level", "N" * 201)])
@pytest.mark.parametrize("more", [(), ("--json",)])
def test_one_document_that_cannot_be_registered_stops_all(desk: Operator, body: str, more: tuple[str, ...]) -> None:
    folder = written(desk, LEVEL, body)
    told = documents(desk, "register", folder, asked=(*FOR, *more))
    assert told.code == 1
    assert told == documents(desk, "check", folder, asked=(*FOR, *more))
    assert additions(desk) == Additions()


def test_a_manifest_whose_hash_is_not_that_of_its_text_is_refused(desk: Operator) -> None:
    path = manifest(desk, {document_id(MORE): LEVEL})
    for act in ("check", "register"):
        told = documents(desk, act, path)
        assert told.code == 1
        assert told.out.startswith(f"cannot be registered: `{path}`: `{document_id(MORE)}` is not the SHA-256")


@pytest.mark.parametrize("act", ["check", "register"])
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--recipient", "nobody", *FOR[2:]), "`--recipient` is nobody's id; give one of the catalogue, "),
        ((*FOR[:2], "--purpose", "play"), "`--purpose` is no leaf of the catalogue's purposes; name one "),
        ((*FOR, "--purpose", "nothing"), "`--purpose` is no leaf of the catalogue's purposes; name one "),
    ],
)
def test_a_word_the_catalogue_does_not_have_is_a_wrong_call(
    desk: Operator, act: str, asked: tuple[str, ...], said: str
) -> None:
    told = documents(desk, act, written(desk, LEVEL), asked=asked)
    assert (told.code, told.out) == (2, "")
    assert told.err.startswith(f"consent-gateway documents {act}: {said}")
    assert additions(desk) == Additions()


def test_a_file_that_is_not_there_or_nothing_to_read_is_a_wrong_call(desk: Operator) -> None:
    missing, empty = documents(desk, "check", desk.folder / "none"), documents(desk, "check", written(desk))
    assert (missing.code, missing.out, empty.code, empty.out) == (2, "", 2, "")
    assert missing.err.startswith(f"consent-gateway documents check: `{desk.folder / 'none'}`: no such file ")
    assert empty.err.startswith("consent-gateway documents check: there is no document; name a manifest, ")


def test_a_recipient_registered_at_run_time_is_known(desk: Operator) -> None:
    async def added() -> None:
        store = await opened(f"sqlite:///{desk.store}")
        late = Recipient("late", "Late", third_party=True, region="XX")
        await store.add(Additions(recipients=(late,)), Command("k", ""), YES)
        await store.aclose()

    anyio.run(added)
    told = documents(desk, "check", written(desk, LEVEL), asked=("--recipient", "late", *FOR[2:]))
    assert (told.code, told.out.splitlines()[1]) == (
        1,
        "  hobby.level S2 never released: the register of processing has no row for DISCLOSE",
    )
