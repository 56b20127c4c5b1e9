from dataclasses import replace

import pytest

from gateway.settings import (
    DEFAULT_BIND,
    DEFAULT_RATE,
    PARSERS,
    Address,
    Rate,
    Settings,
    SettingsRefused,
    StoreSettings,
    is_loopback,
    read,
    read_store,
)
from graph.terms import AgeBand


@pytest.fixture
def whole(tmp_path):
    """Return the least that starts a gateway."""
    for name in ("key.json", "jwks.json", "password"):
        (tmp_path / name).write_text("x")
    return {
        "CONSENT_GATEWAY_STORE": f"sqlite:///{tmp_path}/store.db",
        "CONSENT_GATEWAY_ISSUER": "https://issuer.example",
        "CONSENT_GATEWAY_AUDIENCE": "https://gateway.example",
        "CONSENT_GATEWAY_JWKS_URL": str(tmp_path / "jwks.json"),
        "CONSENT_GATEWAY_SIGNING_KEY_FILE": str(tmp_path / "key.json"),
    }


def faults(environment):
    with pytest.raises(SettingsRefused) as refused:
        read(environment)
    return {fault.variable.removeprefix("CONSENT_GATEWAY_"): fault.message for fault in refused.value.faults}


def named(name, text):
    return {f"CONSENT_GATEWAY_{name}": text}


def test_the_least_starts_with_safe_defaults(whole, tmp_path):
    assert read(whole | {"PATH": "/bin", "CONSENT_GATEWAY_TEST_NEO4J_URI": "bolt://localhost"}) == Settings(
        store=f"sqlite:///{tmp_path}/store.db",
        issuer="https://issuer.example",
        audience="https://gateway.example",
        jwks_url=str(tmp_path / "jwks.json"),
        signing_key_file=tmp_path / "key.json",
        catalogue="reference",
        bind=DEFAULT_BIND,
        development=False,
        rate=DEFAULT_RATE,
        step_up_acr="step-up",
    )
    assert is_loopback(f"//{DEFAULT_BIND.host}")


def test_every_setting_of_store_catalogue_and_telemetry_is_read(whole, tmp_path):
    found = read(
        whole
        | named("STORE", "neo4j+s://graph.example:7687")
        | named("STORE_USER", "gateway")
        | named("STORE_PASSWORD_FILE", str(tmp_path / "password"))
        | named("CATALOGUE", str(tmp_path))
        | named("REGION", "US-CA")
        | named("OTLP_ENDPOINT", "http://collector:4318/")
        | named("TRACE_RATIO", "0.25")
        | named("UNKNOWN_AGE", "TEEN")
    )
    assert (found.store, found.store_user, found.store_password_file) == (
        "neo4j+s://graph.example:7687",
        "gateway",
        tmp_path / "password",
    )
    assert (found.catalogue, found.region, found.unknown_age) == (str(tmp_path), "US-CA", AgeBand.TEEN)
    assert (found.otlp_endpoint, found.trace_ratio) == ("http://collector:4318", 0.25)


def test_every_setting_of_doors_and_limits_is_read(whole):
    found = read(
        whole
        | named("BIND", "[::1]:0")
        | named("DEVELOPMENT", "1")
        | named("RATE", "30/minute")
        | named("CONCURRENCY", "8")
        | named("SUBJECTS_A_DAY", "50")
        | named("ORIGINS", "https://app.example, http://127.0.0.1:3000")
        | named("PROXIES", "127.0.0.1, 10.0.0.0/24, ::1")
        | named("METRICS_BIND", "127.0.0.1:9464")
        | named("GRAPHIQL", "1")
    )
    assert (found.bind, found.development) == (Address("::1", 0), True)
    assert (found.rate, found.concurrency, found.subjects_a_day) == (Rate(30, 60), 8, 50)
    assert found.origins == {"https://app.example", "http://127.0.0.1:3000"}
    assert found.proxies == {"127.0.0.1/32", "10.0.0.0/24", "::1/128"}
    assert (found.metrics_bind, found.graphiql) == (Address("127.0.0.1", 9464), True)


def test_every_setting_of_tokens_is_read(whole, tmp_path):
    found = read(
        whole
        | named("STEP_UP_ACR", "urn:mfa")
        | named("REVOKED_TOKENS", str(tmp_path / "password"))
        | named("PUBLIC_URL", "https://gateway.example/consent/")
        | named("DPOP_CLIENTS", "app, console")
        | named("PAIRWISE_KEYS", "3,1")
        | named("TYPED_TOKENS", "1")
    )
    assert (found.revoked_tokens, found.public_url) == (tmp_path / "password", "https://gateway.example/consent")
    assert (found.dpop_clients, found.pairwise_keys) == (frozenset({"app", "console"}), (3, 1))
    assert (found.step_up_acr, found.typed_tokens) == ("urn:mfa", True)


def test_a_public_address_is_one_of_tls_however_its_scheme_is_written(whole):
    assert read(whole | named("PUBLIC_URL", "HTTPS://gateway.example")).public_url == "https://gateway.example"


def test_all_faults_are_told_at_once():
    assert faults(named("BIND", "here") | named("RATE", "fast")).keys() == {
        *("BIND", "RATE", "STORE", "ISSUER", "AUDIENCE", "JWKS_URL", "SIGNING_KEY_FILE")
    }


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("text", ["", "  "])
def test_an_empty_setting_refuses_to_start(whole, name, text):
    with pytest.raises(
        SettingsRefused, match=f"`CONSENT_GATEWAY_{name}` is set but empty; give it a value or remove it"
    ):
        read(whole | named(name, text))


def test_blanks_around_a_value_refuse_to_start(whole):
    assert faults(whole | named("AUDIENCE", "x "))["AUDIENCE"].startswith("has blanks")


def test_an_unknown_setting_refuses_to_start_with_a_hint(whole):
    found = faults(whole | named("AUDIENC", "x") | named("QQ", "x"))
    assert found == {
        "AUDIENC": "is no setting; did you mean `CONSENT_GATEWAY_AUDIENCE`?",
        "QQ": "is no setting; remove it",
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("STORE", "postgres://x"),
        ("CONCURRENCY", "0"),
        ("CONCURRENCY", "-1"),
        ("SUBJECTS_A_DAY", "many"),
        ("STORE", "sqlite://x"),
        ("STORE", "sqlite:///"),
        ("STORE", "store.db"),
        ("STORE", "neo4j://"),
        ("STORE", "neo4j://[x"),
        ("STORE", "neo4j://me:secret@host"),
        ("CATALOGUE", "/nowhere/at/all"),
        ("JWKS_URL", "/nowhere/at/all"),
        ("JWKS_URL", "file:///nowhere/at/all"),
        ("JWKS_URL", "ftp://issuer/jwks"),
        ("JWKS_URL", "https:///jwks"),
        ("JWKS_URL", "http://issuer.example/jwks"),
        ("SIGNING_KEY_FILE", "/nowhere/at/all"),
        ("REGION", "the moon"),
        ("OTLP_ENDPOINT", "collector:4318"),
        ("TRACE_RATIO", "2"),
        ("TRACE_RATIO", "-1"),
        ("TRACE_RATIO", "nan"),
        ("BIND", "8080"),
        ("BIND", "localhost"),
        ("BIND", "localhost:70000"),
        ("BIND", "localhost:80/path"),
        ("BIND", "me@localhost:80"),
        ("DEVELOPMENT", "maybe"),
        ("RATE", "0/second"),
        ("RATE", "10/day"),
        ("RATE", "-1"),
        ("STEP_UP_ACR", "login"),
        ("UNKNOWN_AGE", "ADULT"),
        ("UNKNOWN_AGE", "teen"),
        ("REVOKED_TOKENS", "/nowhere/at/all"),
        *(("PROXIES", text) for text in ("*", "localhost", "127.0.0.1,", "10.0.0.1/24", "127.0.0.1:80")),
        ("PUBLIC_URL", "gateway.example"),
        ("PUBLIC_URL", "ftp://gateway.example"),
        ("PUBLIC_URL", "https://me@gateway.example"),
        ("PUBLIC_URL", "https://gateway.example/?x=1"),
        ("PUBLIC_URL", "https://[gateway.example"),
        ("PUBLIC_URL", "https://gateway.example/consent/graphql/"),
        ("PAIRWISE_KEYS", "0"),
        ("PAIRWISE_KEYS", "2,2"),
        ("PAIRWISE_KEYS", "1, 2"),
        ("PAIRWISE_KEYS", "new"),
        ("PAIRWISE_KEYS", "1,2,3,4,5,6,7,8,9"),
        ("TYPED_TOKENS", "at+jwt"),
        ("ORIGINS", "*"),
        ("ORIGINS", "null"),
        ("ORIGINS", "https://*.example"),
        ("ORIGINS", "https://app.example/"),
        ("ORIGINS", "https://app.example,"),
        ("ORIGINS", "https://App.example"),
        ("ORIGINS", "https://app.example:443"),
        ("ORIGINS", "https://me@app.example"),
        ("ORIGINS", "app.example"),
        ("ORIGINS", "wss://app.example"),
        ("METRICS_BIND", "9464"),
        ("GRAPHIQL", "perhaps"),
    ],
)
def test_a_value_of_another_form_refuses_to_start(whole, name, text):
    found = faults(whole | named(name, text))
    assert found.keys() == {name}
    assert ";" in found[name]
    assert found[name][0].islower()


def test_clients_that_must_prove_their_keys_need_an_address_to_prove_them_for(whole):
    assert faults(whole | named("DPOP_CLIENTS", "app")) == {
        "DPOP_CLIENTS": "is set without `CONSENT_GATEWAY_PUBLIC_URL`, which proofs are made for; set it"
    }
    found = faults(whole | named("DPOP_CLIENTS", "app,,console") | named("PUBLIC_URL", "https://gateway.example"))
    assert found == {"DPOP_CLIENTS": "has nothing before or after a comma; write `one,another`"}


def test_a_fault_never_repeats_a_password(whole):
    with pytest.raises(SettingsRefused) as refused:
        read(whole | named("STORE", "neo4j://me:secret@host"))
    assert "secret" not in str(refused.value)


def test_a_half_set_pair_refuses_to_start(whole, tmp_path):
    server = whole | named("STORE", "bolt://graph:7687")
    assert faults(server | named("STORE_USER", "me")).keys() == {"STORE_USER"}
    assert faults(server | named("STORE_PASSWORD_FILE", str(tmp_path / "password"))).keys() == {"STORE_PASSWORD_FILE"}


def test_credentials_do_not_belong_to_a_file(whole, tmp_path):
    both = named("STORE_USER", "me") | named("STORE_PASSWORD_FILE", str(tmp_path / "password"))
    assert faults(whole | both).keys() == {"STORE_USER"}


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/jwks", "http://localhost/jwks", "http://[::1]/jwks"])
def test_keys_may_come_unprotected_from_this_machine(whole, url):
    assert read(whole | named("JWKS_URL", url)).jwks_url == url


def test_keys_may_come_unprotected_in_development(whole):
    assert read(whole | named("JWKS_URL", "http://issuer/jwks") | named("DEVELOPMENT", "true")).development


@pytest.mark.parametrize(("text", "rate"), [("5", Rate(5, 1)), ("5/second", Rate(5, 1)), ("7/hour", Rate(7, 3600))])
def test_a_rate_has_a_unit(whole, text, rate):
    assert read(whole | named("RATE", text)).rate == rate


def test_of_a_store_only_what_says_which_and_who_comes_in_is_read(whole, tmp_path):
    server = named("STORE", "neo4j://graph.example") | named("STORE_USER", "me")
    login = named("STORE_PASSWORD_FILE", str(tmp_path / "password"))
    found = StoreSettings("neo4j://graph.example", "me", tmp_path / "password")
    assert read_store(server | login | named("RATE", "wrong")) == found
    assert read_store(whole | server | login, "bolt://other.example") == replace(found, store="bolt://other.example")


def test_who_comes_into_a_server_does_not_come_into_a_file(whole, tmp_path):
    login = named("STORE_USER", "me") | named("STORE_PASSWORD_FILE", str(tmp_path / "password"))
    assert read_store(named("STORE", "neo4j://graph.example") | login, "sqlite:///a") == StoreSettings("sqlite:///a")
    assert read_store(whole, "sqlite:///a") == StoreSettings("sqlite:///a")


def test_a_store_that_is_not_named_or_half_set_is_refused():
    half = named("STORE", "neo4j://graph.example") | named("STORE_USER", "me")
    told = "is set without `CONSENT_GATEWAY_STORE_PASSWORD_FILE`; set both or neither"
    for environment, name, fault in (({}, "STORE", "is not set; give it a value"), (half, "STORE_USER", told)):
        with pytest.raises(SettingsRefused) as refused:
            read_store(environment)
        assert [str(one) for one in refused.value.faults] == [f"`CONSENT_GATEWAY_{name}` {fault}"]


@pytest.mark.parametrize("port", ["abc", "65536"])
def test_a_store_at_no_port_is_refused(whole, port):
    assert faults(whole | named("STORE", f"neo4j://graph.example:{port}")).keys() == {"STORE"}
