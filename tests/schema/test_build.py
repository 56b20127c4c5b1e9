"""Which names a catalogue may give its domains and their fields, and which are refused with their place."""

import pytest

from graph.errors import PackError
from graph.pack import load
from graph.terms import Audience
from schema.build import contracts, taken
from tests.support.contracts import domains
from tests.support.pack_folder import changed


@pytest.mark.parametrize(
    "name",
    [
        *("Query", "Mutation", "Subscription", "Profile", "Offer", "Device", "Withheld", "AttributeEntry"),
        *("IntAttribute", "FloatListAttribute", "ValueInput", "Fidelity", "ConsentPayload", "Problem"),
        *("DateTime", "String", "ID", "Float"),
    ],
)
def test_a_domain_may_not_be_called_as_a_type_of_the_clients_contract(tmp_path, name):
    folder = changed(tmp_path, "attributes.csv", "Hobby,tunes", f"{name},tunes")

    with pytest.raises(PackError) as refused:
        load(folder, taken())

    told = f"`{name}` is a type of the contract itself; name the domain otherwise"
    assert str(refused.value) == f"attributes.csv:5: column `graphql_type`: {told}"


@pytest.mark.parametrize("name", ["Id", "id", "Purpose", "Revision", "ValidUntil", "Sheet"])
def test_a_domain_may_not_stand_where_a_view_has_a_field(tmp_path, name):
    folder = changed(tmp_path, "attributes.csv", "Hobby,tunes", f"{name},tunes")

    with pytest.raises(PackError, match="which the contract has itself; name the domain otherwise"):
        load(folder, taken())


@pytest.mark.parametrize(
    ("domain", "field"),
    [
        *(("Hobby", name) for name in ("id", "purpose", "sheet", "revision", "class", "self", "None", "_", "_init_")),
        *((name, "tunes") for name in ("Class", "Self", "Released", "Remedy", "Attributes", "_Hobby", "_")),
        *((name, "id") for name in ("Record", "Recipient", "SharedProfile", "Access")),
    ],
)
def test_every_other_name_makes_a_typed_field(tmp_path, domain, field):
    folder = changed(tmp_path, "attributes.csv", "Limb,reach", f"{domain},{field}")

    made = contracts(load(folder, taken()).catalogue)

    directive = '@attribute(key: "limb.reach", category: "limb", sensitivity: 3)'
    assert f"{field}: FloatAttribute {directive}" in domains(made[Audience.CLIENT].sdl)[domain]


def test_a_pack_without_typed_fields_makes_a_contract_without_domains(tmp_path):
    folder = changed(tmp_path, "attributes.csv", "Hobby,level", ",")
    attributes = folder / "attributes.csv"
    attributes.write_text(attributes.read_text().replace("Limb,reach", ","))

    assert domains(contracts(load(folder, taken()).catalogue)[Audience.CLIENT].sdl) == {}
