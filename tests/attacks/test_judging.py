"""The judge of what comes back finds what it is there to find: or a fuzz that finds nothing says nothing."""

import pytest

from tests.attacks.judging import faults

SECRET = b"canary-tangerine"
GOOD = b'{"errors":[{"message":"a","extensions":{"code":"BAD_REQUEST"}}]}'


def answered(status: int = 400, body: bytes = GOOD, kind: str = "application/json", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status} Said\r\ncontent-type: {kind}\r\n{more}content-length: {len(body)}\r\n\r\n"
    return head.encode() + body


@pytest.mark.parametrize(
    "content",
    [
        b"",
        answered(),
        answered() * 3,
        b"HTTP/1.1 100 Continue\r\n\r\n" + answered(),
        answered()[:-9],
        answered(200, b'{"data":{"a":1}}', "application/json; charset=utf-8"),
        answered(404, b"Not Found", "text/plain; charset=utf-8"),
        answered(405, b""),
        answered(503, b'{"errors":[{"message":"a","extensions":{"code":"UNAVAILABLE"}}]}'),
        answered(200, b'{"keys":[]}'),
    ],
)
def test_what_may_come_back_is_no_fault(content: bytes) -> None:
    assert faults(content, (SECRET,)) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (answered(body=GOOD.replace(b'"a"', b'"canary-tangerine"')), "a secret"),
        (answered(more="x-a: canary-tangerine\r\n"), "a secret"),
        (b"canary", "no HTTP"),
        (answered() + b"Traceback (most recent call last)", "no HTTP"),
        (answered(500, b"Internal Server Error", "text/plain"), "status 500"),
        (answered(307), "status 307"),
        (answered(kind="text/html"), "content type"),
        (answered(more="server: uvicorn\r\n"), "the server"),
        (answered(body=b"{}"), "misshapen"),
        (answered(body=b"[]"), "misshapen"),
        (answered(body=b'{"errors":[{"message":"a"}]}'), "misshapen"),
        (answered(body=b'{"errors":[{"message":"a","extensions":{"code":"B"}}],"more":1}'), "misshapen"),
        (answered(body=b'{"errors":'), "no JSON"),
        (answered(body=GOOD.replace(b"BAD_REQUEST", b"INTERNAL")), "a fault of ours"),
        (answered(503), "a fault of ours"),
    ],
)
def test_what_may_not_come_back_is_told(content: bytes, told: str) -> None:
    found = faults(content, (SECRET,))
    assert len(found) == 1
    assert found[0].startswith(told)
