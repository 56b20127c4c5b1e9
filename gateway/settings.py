"""Settings: one frozen object, read from the environment under one prefix; every fault is told at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from gateway import setting_forms as forms
from gateway.setting_forms import Address, Rate, Unfit
from graph.pack import REFERENCE
from graph.terms import AgeBand

PREFIX = "CONSENT_GATEWAY_"
TEST_PREFIX = "CONSENT_GATEWAY_TEST_"  # what the test suite reads; the gateway leaves it alone
STEP_UP_ACR = "step-up"
UNSET = "is not set; give it a value"


DEFAULT_BIND = Address("127.0.0.1", 8080)  # this machine only, until somebody says otherwise
DEFAULT_RATE = Rate(100, 1)  # a session asks once, a partner's server 50 people at a time: 5,000 people a second

# A hundred calls a second of 50 ms each, a slow store's, are five at once; a screen that opens sends six.
DEFAULT_CONCURRENCY = 16
# A case every half a minute through a day of eight hours, or ten full pages of disclosures to different people.
DEFAULT_SUBJECTS_A_DAY = 1_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the operator decides; the gateway has no other configuration."""

    store: str
    issuer: str
    audience: str
    jwks_url: str
    signing_key_file: Path
    store_user: str | None = None
    store_password_file: Path | None = field(default=None, repr=False)
    catalogue: str = REFERENCE
    region: str | None = None
    otlp_endpoint: str | None = None
    trace_ratio: float = 1.0
    bind: Address = DEFAULT_BIND
    development: bool = False
    rate: Rate = DEFAULT_RATE
    concurrency: int = DEFAULT_CONCURRENCY
    subjects_a_day: int = DEFAULT_SUBJECTS_A_DAY
    step_up_acr: str = STEP_UP_ACR
    unknown_age: AgeBand | None = None
    revoked_tokens: Path | None = None
    public_url: str | None = None
    dpop_clients: frozenset[str] = frozenset()
    pairwise_keys: tuple[int, ...] = (1,)
    typed_tokens: bool = False
    origins: frozenset[str] = frozenset()
    proxies: frozenset[str] = frozenset()
    metrics_bind: Address | None = None
    graphiql: bool | None = None

    @property
    def shows_graphiql(self) -> bool:
        """Tell whether the page of GraphiQL is served: in development, unless a setting says otherwise."""
        return self.development if self.graphiql is None else self.graphiql


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Which store, and who comes into its server: all that moving and migrating one ask for."""

    store: str
    store_user: str | None = None
    store_password_file: Path | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class SettingFault:
    """One variable that does not hold, and what to do about it."""

    variable: str
    message: str

    def __str__(self) -> str:
        return f"`{self.variable}` {self.message}"


class SettingsRefused(Exception):
    """Settings that do not hold: the gateway does not start; `faults` has all of them."""

    def __init__(self, faults: tuple[SettingFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read(environment: Mapping[str, str]) -> Settings:
    """Read the settings; raises `SettingsRefused` with every fault."""
    given = _given(environment)
    found, faults = _parsed(given)
    faults += [_fault(name, _unknown(name)) for name in sorted(given.keys() - PARSERS.keys())]
    faults += [_fault(name, UNSET) for name in NEEDED if name not in given]
    faults += _together(given, found)
    if faults:
        raise SettingsRefused(tuple(faults))
    return Settings(**found)


def read_store(environment: Mapping[str, str], url: str | None = None) -> StoreSettings:
    """Read which store is set, or who comes into the one of a URL; raises `SettingsRefused` with every fault.

    Who is set for a server does not come into a file.
    """
    given = {name: text for name, text in _given(environment).items() if name in OF_STORE}
    if url is not None:
        given = {**given, "STORE": url} if urlsplit(url).scheme in forms.SERVERS else {"STORE": url}
    found, faults = _parsed(given)
    faults += [] if "STORE" in given else [_fault("STORE", UNSET)]
    faults += _together(given, found)
    if faults:
        raise SettingsRefused(tuple(faults))
    return StoreSettings(**found)


def _given(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what is set for the gateway, by the names without the prefix."""
    given = {name.removeprefix(PREFIX): text for name, text in environment.items() if name.startswith(PREFIX)}
    return {name: text for name, text in given.items() if not (PREFIX + name).startswith(TEST_PREFIX)}


def is_loopback(url: str) -> bool:
    """Tell whether a URL never leaves this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parsed(given: Mapping[str, str]) -> tuple[dict[str, Any], list[SettingFault]]:
    found: dict[str, Any] = {}
    faults: list[SettingFault] = []
    for name, parse in PARSERS.items():
        try:
            if name in given:
                found[name.lower()] = parse(_filled(given[name]))
        except Unfit as unfit:
            faults.append(_fault(name, str(unfit)))
    return found, faults


def _together(given: Mapping[str, str], found: Mapping[str, Any]) -> list[SettingFault]:
    """Check what only two variables together show: half-set pairs, and what does not go with the other."""
    faults = [
        _fault(there, f"is set without `{PREFIX}{missing}`; set both or neither")
        for there, missing in (("STORE_USER", "STORE_PASSWORD_FILE"), ("STORE_PASSWORD_FILE", "STORE_USER"))
        if there in given and missing not in given
    ]
    if "STORE_USER" in given and found.get("store", "").startswith("sqlite"):
        faults.append(_fault("STORE_USER", "belongs to a store with a server; remove it, or name that server"))
    if "DPOP_CLIENTS" in given and "PUBLIC_URL" not in given:
        faults.append(_fault("DPOP_CLIENTS", f"is set without `{PREFIX}PUBLIC_URL`, which proofs are made for; set it"))
    url = found.get("jwks_url", "")
    if urlsplit(url).scheme == "http" and not is_loopback(url) and not found.get("development"):
        faults.append(_fault("JWKS_URL", "fetches keys over an open network; use https or a file"))
    return faults


def _fault(name: str, message: str) -> SettingFault:
    return SettingFault(PREFIX + name, message)


def _unknown(name: str) -> str:
    near = get_close_matches(name, PARSERS, n=1)
    return f"is no setting; did you mean `{PREFIX}{near[0]}`?" if near else "is no setting; remove it"


def _filled(text: str) -> str:
    if not text.strip():
        raise Unfit("is set but empty; give it a value or remove it")
    if text != text.strip():
        raise Unfit("has blanks around its value; remove them")
    return text


PARSERS: Mapping[str, Callable[[str], object]] = {
    "STORE": forms.store,
    "STORE_USER": forms.word,
    "STORE_PASSWORD_FILE": forms.file_path,
    "CATALOGUE": forms.catalogue,
    "ISSUER": forms.word,
    "AUDIENCE": forms.word,
    "JWKS_URL": forms.key_set_address,
    "SIGNING_KEY_FILE": forms.file_path,
    "REGION": forms.region,
    "OTLP_ENDPOINT": forms.endpoint,
    "TRACE_RATIO": forms.share,
    "BIND": forms.address,
    "DEVELOPMENT": forms.flag,
    "RATE": forms.rate,
    "CONCURRENCY": forms.count,
    "SUBJECTS_A_DAY": forms.count,
    "STEP_UP_ACR": forms.step_up_acr,
    "UNKNOWN_AGE": forms.unknown_age,
    "REVOKED_TOKENS": forms.file_path,
    "PUBLIC_URL": forms.public_address,
    "DPOP_CLIENTS": forms.words,
    "PAIRWISE_KEYS": forms.versions,
    "TYPED_TOKENS": forms.flag,
    "ORIGINS": forms.origins,
    "PROXIES": forms.proxies,
    "METRICS_BIND": forms.address,
    "GRAPHIQL": forms.flag,
}
NEEDED = ("STORE", "ISSUER", "AUDIENCE", "JWKS_URL", "SIGNING_KEY_FILE")
OF_STORE = ("STORE", "STORE_USER", "STORE_PASSWORD_FILE")
