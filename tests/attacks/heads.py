"""Heads and frames nobody would send: lines twice, cut, folded or endless, lengths that lie. By dice alone."""

from random import Random

from tests.support.canaries import PLANTED_WORD

CANARY = PLANTED_WORD.encode()
HONEST = 0.5  # of all heads, so that what is in the bodies is looked at
ACCEPTED = (b"*/*", b"application/json", b"application/graphql-response+json")
METHODS = (b"POST",) * 12 + (b"GET", b"HEAD", b"PUT", b"OPTIONS", b"TRACE", b"PRI", b"post", b"QUERY", b"P\x00ST", b"")
PATHS = (b"/graphql",) * 12 + (
    b"/graphql/", b"//graphql", b"/graphql?query={devices{id}}", b"/graphql?access_token=" + CANARY, b"/%67raphql",
    b"/graphql%00", b"/../graphql", b"/graphql#a", b"http://here/graphql", b"*", b"/" + CANARY, b"/healthz",
    b"/readyz",
    b"/.well-known/jwks.json", b"/graphql?" + b"x" * 9000, b"/\xff", b"/graphql;a=b", b"", b"/%zz", b"here:443",
)  # fmt: skip
VERSIONS = (b"HTTP/1.1",) * 16 + (
    b"HTTP/1.0",
    b"HTTP/1.2",
    b"HTTP/2.0",
    b"HTTP/0.9",
    b"http/1.1",
    b"HTTP/11",
    b"",
    b"X/1",
)
LINES = (
    b"Content-Type: text/plain", b"Content-Type: application/json; charset=utf-16", b"Content-Type: application/json",
    b"Content-Type: multipart/form-data; boundary=a", b"Content-Encoding: gzip", b"Accept: text/html",
    b"Accept: */*;q=nan",
    b"Accept: application/json", b"Accept: application/json;q=1e999, */*;q=-1", b"Accept: " + b"a/b," * 1000,
    b"Accept-Charset: utf-16", b"Accept-Encoding: gzip, br, zstd", b"Authorization: Bearer " + CANARY,
    b"Authorization: Basic YTpi", b"Authorization: Bearer a.b.c", b"Authorization: Bearer", b"Authorization:",
    b"Authorization: Bearer \xff\xfe", b"Host: there", b"Host:", b"Expect: 100-continue", b"Expect: " + CANARY,
    b"Connection: close", b"Connection: upgrade, " + CANARY, b"Upgrade: websocket\r\nConnection: Upgrade",
    b"Upgrade: h2c",
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA",
    b"Cookie: " + CANARY,
    b"traceparent: 00-" + b"0" * 32 + b"-" + b"1" * 16 + b"-01", b"traceparent: " + CANARY, b"tracestate: " + CANARY,
    b"Sec-GPC: 1", b"Sec-GPC: " + b"1," * 500, b"X-Forwarded-For: " + CANARY, b"Forwarded: for=" + CANARY,
    b"Range: bytes=0-", b"If-None-Match: *", b"Origin: null", b"Origin: https://" + CANARY,
    b"X-HTTP-Method-Override: GET",
    b"DPoP: " + CANARY, b"X: " + b"y" * 17_000, b"X: " + b"y" * 70_000, b"X-Null: a\x00b", b"X-Bare: a\rb",
    b"X-Fold: a\r\n b",
    b" X: leading", b"X : spaced", b"X\xff: y", b": empty", b"no colon", b"X-Utf: \xc3\xa9\xff", b"\x00",
    b"TE: trailers",
)  # fmt: skip
LENGTHS = (b"-1", b"+5", b"0x5", b"5,5", b"5 5", b"", b"99999999999999999999", b"1e3", b"05", b"\xb2", b"5\x00")
CODINGS = (
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: xchunked", b"Transfer-Encoding: chunked, identity",
    b"Transfer-Encoding: identity", b"Transfer-Encoding: \x0bchunked", b"Transfer-Encoding:\tchunked",
    b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", b"Transfer-Encoding : chunked",
    b"X: y\rTransfer-Encoding: chunked", b"Transfer-Encoding: gzip, chunked", b"Transfer-Encoding\n: chunked",
)  # fmt: skip
SIZES = (b"ffffffffffffffff1", b"-1", b"0x1", b" 1", b"1 ", b"g", b"", b"1;a=" + b"b" * 5000, b"00000001", b"1\n")


def head(dice: Random, token: str | None) -> list[bytes]:
    """Return the lines of a head, the first one included; what says how long the body is comes later."""
    honest = dice.random() < HONEST
    first = b"POST /graphql HTTP/1.1" if honest else _first(dice)
    lines = [first, b"Host: here", b"Content-Type: application/json"]
    if token is not None:
        lines.append(b"Authorization: Bearer " + (token.encode() if honest else _bent(dice, token.encode())))
    if honest:
        return [*lines, b"Accept: " + dice.choice(ACCEPTED)]
    while dice.random() < 0.45:
        lines.insert(1 + dice.randrange(len(lines)), dice.choice(LINES))
    if dice.random() < 0.05:
        lines.pop(dice.randrange(len(lines)))
    if dice.random() < 0.02:
        lines += [b"X-%d: a" % number for number in range(dice.choice((200, 5000)))]
    return lines


def _first(dice: Random) -> bytes:
    return b" ".join((dice.choice(METHODS), dice.choice(PATHS), dice.choice(VERSIONS)))


def _bent(dice: Random, token: bytes) -> bytes:
    if dice.random() < 0.85:
        return token
    place = dice.randrange(len(token))
    return token[:place] + dice.choice((b"", b".", b"A", b"\xff", b"=", token)) + token[place + 1 :]


def framed(dice: Random, lines: list[bytes], body: bytes) -> bytes:
    """Return a whole request: head, what it says of its body, and the body; most are honest."""
    kind = dice.random()
    if kind < 0.7:
        lines, sent = [*lines, b"Content-Length: %d" % len(body)], body
    elif kind < 0.8:
        lines, sent = [*lines, b"Transfer-Encoding: chunked"], _chunked(dice, body)
    elif kind < 0.85:
        lines, sent = [*lines, b"Content-Length: " + dice.choice((*LENGTHS, b"%d" % (len(body) // 2)))], body
    elif kind < 0.95:
        both = [b"Content-Length: %d" % dice.choice((0, 4, len(body))), dice.choice(CODINGS)]
        dice.shuffle(both)
        lines, sent = [*lines, *both], dice.choice((body, _chunked(dice, body)))
    else:
        sent = body
    end = b"\r\n" if dice.random() < 0.97 else b"\n"
    return end.join([*lines, b"", b""]) + sent


def _chunked(dice: Random, body: bytes) -> bytes:
    size = dice.choice((1, 7, 1000)) if len(body) < 2000 else 1000
    pieces = [body[place : place + size] for place in range(0, len(body), size)]
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces]
    if chunks and dice.random() < 0.2:
        chunks[dice.randrange(len(chunks))] = dice.choice(SIZES) + b"\r\nx\r\n"
    trailers = dice.choice(
        (b"", b"", b"", b"Authorization: Bearer a\r\n", b"Sec-GPC: 1\r\n", b"A: " + b"b" * 20_000 + b"\r\n")
    )
    return b"".join(chunks) + b"0\r\n" + trailers + (b"\r\n" if dice.random() < 0.95 else b"")
