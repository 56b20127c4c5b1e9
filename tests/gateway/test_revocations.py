"""The list of tokens taken back: how it is written, how soon it counts, and what happens when it breaks."""

import json
import os

import anyio
import anyio.to_thread
import pytest

from gateway.revocations import LOOK_SECONDS, MOST_BYTES, Revocations
from gateway.tokens import MOST_WORD_CHARACTERS
from gateway.wrong_call import WrongCall
from tests.gateway.test_authn import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "revoked"
    found.write_text("one\n")
    return found


async def told(listed, *ids):
    return [await listed.revoked(one) for one in ids]


@pytest.mark.parametrize(
    "text",
    [
        "one\ntwo\n",
        "one\r\n\r\n  two",
        '["one", "two"]',
        ' [\n"two","one"]\n',
        "\ufeffone\ntwo",
        '\ufeff["one", "two"]',
    ],
)
async def test_a_list_is_an_id_a_line_or_json(path, clock, text):
    path.write_text(text)
    assert await told(Revocations(path, clock), "one", "two", "three", None, "") == [True, True, False, False, False]


async def test_an_id_in_json_is_one_to_the_letter(path, clock):
    path.write_text('[" one ", "two\\nthree"]')
    assert await told(Revocations(path, clock), " one ", "one", "two\nthree", "two") == [True, False, True, False]


async def test_an_empty_list_takes_nothing_back(path, clock):
    path.write_text("\n")
    assert await told(Revocations(path, clock), "one", "", None) == [False, False, False]


async def test_a_changed_list_counts_a_second_later(path, clock):
    listed = Revocations(path, clock)
    path.write_text("two\n")
    clock.now += LOOK_SECONDS - 0.01
    assert await told(listed, "one", "two") == [True, False]
    clock.now += 0.01
    assert await told(listed, "one", "two") == [False, True]


async def test_a_list_of_the_same_size_and_time_is_another_one(path, clock):
    listed = Revocations(path, clock)
    before = path.stat()
    path.write_text("two\n")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    clock.now += LOOK_SECONDS
    assert await told(listed, "one", "two") == [False, True]


BROKEN = {
    "half a list": b'["one", "two"',
    "numbers": b"[1, 2]",
    "an object": b'{"revoked": ["one"]}',
    "a JSON text a line": b'"one"\n"two"\n',
    "no text": b"\xff\xfe\x00",
    "an id nobody has": b"x" * (MOST_WORD_CHARACTERS + 1),
    "too much": b"x\n" * (MOST_BYTES // 2 + 1),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_broken_list_starts_no_gateway(path, clock, broken):
    path.write_bytes(BROKEN[broken])
    with pytest.raises(WrongCall, match="list of revoked tokens"):
        Revocations(path, clock)


async def test_a_list_that_is_not_there_starts_no_gateway(tmp_path, clock):
    with pytest.raises(WrongCall, match="cannot be read"):
        Revocations(tmp_path / "none", clock)


@pytest.mark.parametrize("broken", [*BROKEN, "gone"])
async def test_a_list_that_breaks_later_counts_as_it_was_and_says_so(path, clock, broken, caplog):
    listed = Revocations(path, clock)
    path.unlink() if broken == "gone" else path.write_bytes(BROKEN[broken])
    for _ in range(3):
        clock.now += LOOK_SECONDS
        assert (await told(listed, "one", "two"), await listed.lost()) == ([True, False], True)
    assert [one.message for one in caplog.records] == ["the list of revoked tokens cannot be read, the last one counts"]
    path.write_text(json.dumps(["two"]))
    clock.now += LOOK_SECONDS
    assert (await told(listed, "one", "two"), await listed.lost()) == ([False, True], False)


async def test_while_it_is_read_nobody_is_judged_by_the_list_as_it_was(path, clock):
    listed, found = Revocations(path, clock), []
    path.unlink()
    os.mkfifo(path)
    clock.now += LOOK_SECONDS

    async def asks():
        found.append(await listed.revoked("two"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(asks)
        tasks.start_soon(asks)
        await anyio.wait_all_tasks_blocked()
        assert found == []
        await anyio.to_thread.run_sync(path.write_text, "two\n")
    assert found == [True, True]


async def test_a_caller_who_leaves_while_it_is_read_ends_that_for_nobody(path, clock):
    listed = Revocations(path, clock)
    path.unlink()
    os.mkfifo(path)
    clock.now += LOOK_SECONDS
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(listed.revoked, "two")
        await anyio.wait_all_tasks_blocked()
        tasks.cancel_scope.cancel()
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(path.write_text, "two\n")
    assert await listed.revoked("two")
