import pytest

from graph.terms import Audience
from tests.support.contracts import committed, definitions, domains, intended, reference


@pytest.mark.parametrize("audience", Audience)
def test_the_committed_sdl_is_the_one_of_the_reference_pack(audience):
    assert reference()[audience].sdl == committed(audience), "run `make schema` and look at what changed"


@pytest.mark.parametrize("audience", Audience)
def test_a_contract_has_the_names_types_arguments_defaults_and_words_it_was_meant_to_have(audience):
    assert definitions(reference()[audience].sdl) == definitions(intended(audience))


def test_the_fields_of_the_example_domains_are_there_with_their_attribute():
    made, examples = domains(reference()[Audience.CLIENT].sdl), domains(intended(Audience.CLIENT))

    assert set(examples) == {"Comfort", "Body", "Interests"}
    assert [name for name, fields in examples.items() if not fields <= made[name]] == []


@pytest.mark.parametrize("audience", [Audience.PARTNER, Audience.GOVERNANCE])
def test_only_clients_have_types_that_are_made_from_the_catalogue(audience):
    assert domains(reference()[audience].sdl) == {}
