"""What `check` looks at and leaves as it is: settings, catalogue pack, keys, store, clock; each fault in a line."""

from collections.abc import Mapping
from datetime import UTC, datetime

from gateway import settings as configuration
from gateway.key_ring import KeyRing, KeysUnavailable, key_source
from gateway.keys import KeyRefused, private_keys
from gateway.otlp import ExporterMissing, exporters
from gateway.settings import Settings, SettingsRefused
from gateway.signing import Ed25519Signer
from gateway.wiring import checks_of, inspect, login_of
from gateway.wrong_call import WrongCall
from graph.errors import PackError, StoreError
from graph.pack import REFERENCE, load
from schema.build import contracts, taken

MADE = datetime(2026, 1, 1, tzinfo=UTC)  # no clock that is right is behind the year this was made in


async def checked(environment: Mapping[str, str], now: datetime) -> list[str]:
    """Return every fault found; `now` is what the clock says."""
    faults = _pack(environment) + _clock(now)
    try:
        settings = configuration.read(environment)
    except SettingsRefused as refused:
        return [f"settings: {fault}" for fault in refused.faults] + faults
    found = _signing_key(settings) + await _issuer_keys(settings) + await _store(settings) + _exporter(settings)
    return faults + found + _revoked_tokens(settings)


async def doubts(environment: Mapping[str, str]) -> list[str]:
    """Return what a gateway would start in spite of: settings of the store's server that should be otherwise."""
    try:
        settings = configuration.read(environment)
        found = await inspect(settings.store, login_of(settings))
    except (SettingsRefused, StoreError, WrongCall, OSError):
        return []  # told as a fault
    return [f"store: the server's setting `{name}` should be otherwise; see the operating guide" for name in found]


def _pack(environment: Mapping[str, str]) -> list[str]:
    source = environment.get(f"{configuration.PREFIX}CATALOGUE") or REFERENCE
    try:
        contracts(load(source, taken()).catalogue)
    except (PackError, ValueError, OSError) as fault:
        return [f"catalogue pack: {fault}"]
    return []


def _clock(now: datetime) -> list[str]:
    return [f"clock: it says {now:%Y-%m-%d}; set it, or every token looks unborn"] if now < MADE else []


def _signing_key(settings: Settings) -> list[str]:
    try:
        Ed25519Signer(private_keys(settings.signing_key_file.read_bytes()))
    except (KeyRefused, OSError) as fault:
        return [f"signing key: {fault}"]
    return []


async def _issuer_keys(settings: Settings) -> list[str]:
    try:
        await KeyRing(key_source(settings.jwks_url)).keys()
    except KeysUnavailable as fault:
        return [f"issuer: {fault}"]
    return []


async def _store(settings: Settings) -> list[str]:
    try:
        await inspect(settings.store, login_of(settings))
    except (StoreError, WrongCall, OSError) as fault:
        return [f"store: {fault}"]
    return []


def _revoked_tokens(settings: Settings) -> list[str]:
    try:
        checks_of(settings)
    except WrongCall as fault:
        return [f"revoked tokens: {fault}"]
    return []


def _exporter(settings: Settings) -> list[str]:
    if settings.otlp_endpoint is None:
        return []
    try:
        exporters(settings.otlp_endpoint)
    except ExporterMissing as fault:
        return [f"telemetry: {fault}"]
    return []
