"""What one operation asks for: the keys of its whole document, once each, and one release for all of its fields."""

import pytest

from graph.records import Value
from graph.store import Command, DisclosureQuery, Page
from graph.terms import Audience
from tests.support.executing import answered
from tests.support.worlds_governance import SERVER
from tests.support.worlds_resolvers import GUESS, HEIGHT, HOBBY, PLAY, STUDIO, TURNING, World, said_yes

pytestmark = pytest.mark.anyio


@pytest.fixture
async def told(world: World):
    await said_yes(world.of(), HOBBY, HEIGHT, GUESS)
    await world.store.put(
        "noor",
        (
            Value(HOBBY, ("chess",), world.now, PLAY),
            Value(HEIGHT, 172.5, world.now, PLAY),
            Value(GUESS, "go", world.now, PLAY),
            Value(TURNING, "snap", world.now, PLAY),
        ),
        Command("put", ""),
        world.now,
    )
    world.later()
    return world


async def released(world: World) -> list[tuple[str, ...]]:
    """Return the keys of every disclosure."""
    found = await world.store.disclosures(DisclosureQuery(), Page(100))
    return [entry.keys for _, entry in found]


@pytest.mark.parametrize(
    ("selection", "keys"),
    [
        (f'sheet(keys: ["{HEIGHT}", "{HOBBY}", "{HEIGHT}"]) {{ revision }}', (HEIGHT, HOBBY)),
        (f'sheet(keys: "{HOBBY}") {{ revision }}', (HOBBY,)),
        ("hobby { guess { value } list { value } again: list { key } }", (GUESS, HOBBY)),
        ("... on Profile { ...A } __typename", (HEIGHT,)),
        ("hobby @skip(if: true) { list { value } } body { heightCm { value } }", (HEIGHT,)),
        ("hobby { list @include(if: $no) { value } guess @skip(if: $no) { value } }", (GUESS,)),
        ("...A @skip(if: $yes) ... @include(if: $yes) { hobby { list { value } } }", (HOBBY,)),
        (f'a: sheet(keys: ["{HOBBY}"]) {{ revision }} b: sheet(keys: $keys) {{ revision }}', (HOBBY, HEIGHT)),
        ("sheet(keys: $default) { revision }", (HOBBY,)),
    ],
)
async def test_what_is_asked_is_released_at_once_and_what_is_skipped_is_not(told, selection, keys):
    text = (
        "query Q($yes: Boolean = true, $no: Boolean! = false, $keys: [AttributeKey!]!, "
        f'$default: [AttributeKey!]! = ["{HOBBY}"]) {{ me(purpose: "{PLAY}") {{ {selection} }} unused: me(purpose: '
        f'"{PLAY}") @include(if: $no) {{ ...A sheet(keys: $default) @skip(if: $yes) {{ revision }} '
        "x: sheet(keys: $keys) @include(if: $no) { revision } } } "
        "fragment A on Profile { body { heightCm { value } } }"
    )

    await answered(told.of(), text, {"keys": [HEIGHT]})

    assert await released(told) == [keys]


async def test_two_views_of_one_person_are_one_release(told):
    text = f'{{ a: me(purpose: "{PLAY}") {{ hobby {{ list {{ value }} }} }} __schema {{ queryType {{ name }} }} '
    text += f'b: me(purpose: "{PLAY}") {{ body {{ heightCm {{ value }} }} id }} }}'

    found = await answered(told.of(), text)

    assert found["a"] == {"hobby": {"list": {"value": ["chess"]}}}
    assert found["b"]["body"] == {"heightCm": {"value": 172.5}}
    assert await released(told) == [(HOBBY, HEIGHT)]


async def test_a_view_without_attributes_discloses_nothing(told):
    assert list(await answered(told.of(), f'{{ me(purpose: "{PLAY}") {{ id }} }}')) == ["me"]
    assert await released(told) == []


async def test_what_is_asked_of_one_person_is_not_asked_of_another(here):
    """The ledger says of each what was sent, so nobody's row may hold a key of a neighbour's question."""
    brand = here.context(
        here.caller(audience=Audience.PARTNER, recipient=STUDIO, channel=SERVER, subject="", device=None)
    )
    ids = {}
    for name in ("noor", "jon", "pia"):
        her = here.of(subject=name, device=f"{name}-headset")
        await said_yes(her, HOBBY, recipient=STUDIO)
        await here.holds(name, Value(HOBBY, (name,), here.now, PLAY))
        ids[name] = here.pseudonyms.pairwise(name, brand.recipient)
    text = (
        f'query Q($noor: ID!, $both: [ID!]!) {{ a: subject(id: $noor, purpose: "{PLAY}") '
        f'{{ sheet(keys: ["{HOBBY}"]) {{ entries {{ stringListValue }} }} }} '
        f'b: subjects(ids: $both, purpose: "{PLAY}") {{ sheet(keys: ["{HEIGHT}"]) {{ notAvailable }} }} '
        f'c: subjects(ids: [$noor], purpose: "{PLAY}") {{ sheet(keys: ["{TURNING}"]) {{ notAvailable }} }} }}'
    )

    found = await answered(brand, text, {"noor": ids["noor"], "both": [ids["jon"], ids["pia"]]})

    assert found == {
        "a": {"sheet": {"entries": [{"stringListValue": ["noor"]}]}},
        "b": [{"sheet": {"notAvailable": [HEIGHT]}}] * 2,
        "c": [{"sheet": {"notAvailable": [TURNING]}}],
    }
    assert await released(here) == [(HOBBY,)]
