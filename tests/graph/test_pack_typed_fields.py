import pytest

from graph.errors import PackError
from graph.pack import Taken, load
from tests.support.pack_folder import changed

TAKEN = Taken(types=("Offer", "hobby"), fields=("sheet",))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Offer", "`Offer` is a type of the contract itself; name the domain otherwise"),
        ("Sheet", "`Sheet` makes the field `sheet`, which the contract has itself; name the domain otherwise"),
        ("sheet", "`sheet` makes the field `sheet`, which the contract has itself; name the domain otherwise"),
    ],
)
def test_a_domain_may_not_be_called_as_something_the_contract_has(tmp_path, name, told):
    folder = changed(tmp_path, "attributes.csv", "Hobby,tunes", f"{name},tunes")

    with pytest.raises(PackError) as refused:
        load(folder, TAKEN)

    assert str(refused.value) == f"attributes.csv:5: column `graphql_type`: {told}"


def test_a_field_of_a_domain_stands_by_itself_and_may_be_called_anything(tmp_path):
    folder = changed(tmp_path, "attributes.csv", "Hobby,tunes", "Hobby,sheet")

    assert load(folder, TAKEN).catalogue.attributes["hobby.tunes"].graphql_field == "sheet"
