"""The form of each setting's text: what it must look like, and what to write instead; no variable is read here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from graph.pack import REFERENCE
from graph.terms import AgeBand

TAKEN_ACRS = frozenset({"none", "device", "login"})  # a step-up of that name would lift every such token
SERVERS = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
STORES = ("sqlite", *SERVERS)
REGION = re.compile(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8})*")  # as the law pack writes its jurisdictions
VERSIONS = re.compile(r"[1-9]\d{0,3}(,[1-9]\d{0,3})*")
MOST_VERSIONS = 8  # each is tried on each id a partner names, 50 in a question
FLAGS: Mapping[str, bool] = {"0": False, "1": True, "false": False, "true": True}
SECONDS: Mapping[str, int] = {"second": 1, "minute": 60, "hour": 3600}


class Unfit(ValueError):
    """A text a variable cannot take; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the gateway listens."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls one caller may make in how many seconds."""

    calls: int
    seconds: int


def store(text: str) -> str:
    """Take the URL of a store, without credentials."""
    parts = _url(text)
    if parts.scheme not in STORES:
        raise Unfit(f"names no store; write `sqlite:///path` or one of {', '.join(f'`{one}://`' for one in SERVERS)}")
    path = text.removeprefix("sqlite:///")
    if parts.scheme == "sqlite" and (path in ("", text) or "\0" in unquote(path)):
        raise Unfit("names no file; write `sqlite:///path`, with a fourth slash for an absolute path")
    if parts.scheme != "sqlite" and not parts.hostname:
        raise Unfit("names no host; write `neo4j://host:7687`")
    if parts.username is not None or parts.password is not None:
        raise Unfit("holds a name or password; put them in `STORE_USER` and `STORE_PASSWORD_FILE`")
    return text


def file_path(text: str) -> Path:
    """Take the path of a file that is there."""
    path = Path(text)
    if not path.is_file():
        raise Unfit(f"names `{text}`, which is no file; write the path of one")
    return path


def catalogue(text: str) -> str:
    """Take the built-in pack's word or the directory of another."""
    if text != REFERENCE and not Path(text).is_dir():
        raise Unfit(f"names `{text}`, which is no directory; write `{REFERENCE}` or the path of a pack")
    return text


def key_set_address(text: str) -> str:
    """Take a path or URL of a key set."""
    parts = _url(text)
    if parts.scheme in ("http", "https"):
        if not parts.hostname:
            raise Unfit("names no host; write `https://issuer/path`")
        return text
    if parts.scheme not in ("", "file"):
        raise Unfit("is neither a path nor a URL of `file`, `https` or `http`; write one of these")
    file_path(unquote(parts.path) if parts.scheme else text)
    return text


def word(text: str) -> str:
    """Take any text."""
    return text


def words(text: str) -> frozenset[str]:
    """Take some words, parted by commas."""
    found = [one.strip() for one in text.split(",")]
    if not all(found):
        raise Unfit("has nothing before or after a comma; write `one,another`")
    return frozenset(found)


def versions(text: str) -> tuple[int, ...]:
    """Take the versions of a key, the one that is used first, then those that are still understood."""
    if not VERSIONS.fullmatch(text):
        raise Unfit("names no versions of a key; write `1`, or `2,1` where the second makes ids and the first is kept")
    found = tuple(int(one) for one in text.split(","))
    if len(found) != len(set(found)) or len(found) > MOST_VERSIONS:
        raise Unfit(f"names a version twice, or more than {MOST_VERSIONS}; name each one in use once")
    return found


def public_address(text: str) -> str:
    """Take the address callers know the gateway by, before its paths."""
    parts = _url(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise Unfit("is no address; write `https://gateway.example`")
    if parts.query or parts.fragment:
        raise Unfit("has a query or fragment; write what stands before `/graphql`")
    if parts.path.rstrip("/").endswith("/graphql"):  # proofs for it would be refused one by one, and no word why
        raise Unfit("ends in `/graphql`; write what stands before it")
    return f"{parts.scheme}{text[len(parts.scheme) :]}".rstrip("/")  # the scheme small, as it is compared


def origins(text: str) -> frozenset[str]:
    """Take some origins, parted by commas, each exactly as a browser writes it."""
    found = [one.strip() for one in text.split(",")]
    for one in found:
        _refuse_no_origin(one)
    return frozenset(found)


def _refuse_no_origin(text: str) -> None:
    """Raise `Unfit` for what is not one origin: a page of any other, or of none, may read nothing."""
    parts, standard = _url(text), {"http": 80, "https": 443}
    if parts.scheme not in standard or not parts.hostname or text != f"{parts.scheme}://{parts.netloc}":
        raise Unfit(f"names `{text}`, which is no origin; write `https://app.example`, several parted by commas")
    if parts.username is not None or parts.port == standard[parts.scheme] or text != text.lower() or "*" in text:
        raise Unfit(f"names `{text}`, which no browser says; write it small, without a name, a star or a usual port")


def proxies(text: str) -> frozenset[str]:
    """Take some addresses or networks, parted by commas."""
    return frozenset(_network(one.strip()) for one in text.split(","))


def _network(text: str) -> str:
    try:
        return str(ip_network(text))
    except ValueError:
        raise Unfit(
            f"names `{text}`, which is no address; write `127.0.0.1` or `10.0.0.0/24`, parted by commas"
        ) from None


def region(text: str) -> str:
    """Take the code of a country or one of its parts."""
    if not REGION.fullmatch(text):
        raise Unfit("is no region; write a code of the law pack, as `DE` or `US-CA`")
    return text


def endpoint(text: str) -> str:
    """Take the base URL of an OTLP collector."""
    parts = _url(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Unfit("is no collector; write `http://host:4318`")
    return text.rstrip("/")


def share(text: str) -> float:
    """Take a share from 0 to 1."""
    if not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", text):
        raise Unfit("is no share; write a number from 0 to 1, as `0.1`")
    return float(text)


def address(text: str) -> Address:
    """Take `host:port`."""
    parts = _url(f"//{text}")
    try:
        port = parts.port
    except ValueError:
        port = None
    if not parts.hostname or port is None or parts.netloc != text or parts.username is not None:
        raise Unfit("is no address; write `host:port`, as `127.0.0.1:8080` or `[::1]:8080`")
    return Address(parts.hostname, port)


def _url(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        _ = parts.port  # read only now, and none beyond the last one there is
    except ValueError:
        raise Unfit("is no address; see that brackets and ports are right") from None
    return parts


def flag(text: str) -> bool:
    """Take a yes or a no."""
    if text.lower() not in FLAGS:
        raise Unfit("is neither `0` nor `1`; write one of them")
    return FLAGS[text.lower()]


def rate(text: str) -> Rate:
    """Take so many calls in a second, minute or hour."""
    match = re.fullmatch(r"([1-9]\d{0,8})(?:/(second|minute|hour))?", text)
    if match is None:
        raise Unfit("is no rate; write `100/second`, `6000/minute` or `360000/hour`")
    return Rate(int(match[1]), SECONDS[match[2] or "second"])


def count(text: str) -> int:
    """Take a number from 1."""
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise Unfit("is no number from 1; write one, as `16`")
    return int(text)


def step_up_acr(text: str) -> str:
    """Take the issuer's word for a step-up."""
    if text in TAKEN_ACRS:
        raise Unfit(f"is `{text}`, which has a meaning already; name the issuer's own word for a step-up")
    return text


def unknown_age(text: str) -> AgeBand:
    """Take the age band that an unknown age counts as."""
    if text not in (AgeBand.CHILD, AgeBand.TEEN):
        raise Unfit("is neither `CHILD` nor `TEEN`; write one of them, or remove it")
    return AgeBand(text)
