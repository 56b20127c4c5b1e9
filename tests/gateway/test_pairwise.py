import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.pairwise import MOST_CHARACTERS, SivPseudonyms
from graph.catalogue import Recipient

SECRET, NEXT = bytes(range(32)), bytes(range(1, 33))
MADE = SivPseudonyms(SECRET)
SUBJECTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=80)
BRAND, SISTER = Recipient("brand", group="house"), Recipient("sister", group="house")
OTHER, NAMESAKE, HOUSE = Recipient("other", group="rival"), Recipient("loner"), Recipient("house")


@given(SUBJECTS)
def test_an_id_opens_for_its_group_and_for_nobody_else(subject):
    pairwise = MADE.pairwise(subject, BRAND)
    assert MADE.open_pairwise(pairwise, BRAND) == MADE.open_pairwise(pairwise, SISTER) == subject
    for stranger in (OTHER, NAMESAKE, HOUSE, Recipient("brand")):
        assert MADE.open_pairwise(pairwise, stranger) is None
    assert MADE.open_subject(pairwise) is None


@given(SUBJECTS)
def test_the_same_person_has_one_id_a_group_and_another_elsewhere(subject):
    again = SivPseudonyms(SECRET)
    assert again.pairwise(subject, BRAND) == MADE.pairwise(subject, BRAND) == MADE.pairwise(subject, SISTER)
    ids = {MADE.pairwise(subject, one) for one in (BRAND, OTHER, NAMESAKE, HOUSE)} | {MADE.seal_subject(subject)}
    assert len(ids) == 5
    assert all(subject not in one for one in ids if len(subject) > 3)


@given(SUBJECTS, SUBJECTS)
def test_two_people_never_share_an_id(one, other):
    assert (MADE.pairwise(one, BRAND) == MADE.pairwise(other, BRAND)) == (one == other)


@given(SUBJECTS)
def test_a_sealed_subject_opens_with_the_same_secret_only(subject):
    sealed = MADE.seal_subject(subject)
    assert MADE.open_subject(sealed) == subject
    assert SivPseudonyms(bytes(32)).open_subject(sealed) is None


@given(st.text(max_size=120))
def test_any_text_opens_to_nobody(text):
    assert MADE.open_pairwise(text, BRAND) is None
    assert MADE.open_subject(text) is None


@given(SUBJECTS, st.data())
def test_a_changed_id_is_nobodys(subject, data):
    pairwise = MADE.pairwise(subject, BRAND)
    place = data.draw(st.integers(0, len(pairwise) - 1))
    letter = data.draw(st.sampled_from("ABCabc019-_+/= é"))
    changed = pairwise[:place] + letter + pairwise[place + 1 :]
    assert (MADE.open_pairwise(changed, BRAND) == subject) == (changed == pairwise)


@pytest.mark.parametrize("more", ["=", "==", " ", "\n", "A"])
def test_an_id_has_one_spelling(more):
    assert MADE.open_pairwise(MADE.pairwise("s", BRAND) + more, BRAND) is None


def test_an_id_is_safe_in_a_url_and_hides_who_it_is():
    pairwise = MADE.pairwise("a" * 64, BRAND)
    assert len(pairwise) == 107
    assert set(pairwise) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_very_long_id_is_not_decoded():
    assert MADE.open_pairwise("A" * (MOST_CHARACTERS + 1), BRAND) is None
    assert MADE.open_pairwise("", BRAND) is None


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="31 bytes"):
        SivPseudonyms(bytes(31))


class TestRotation:
    """A new version makes new ids, an old one is understood for as long as it is kept; nothing in an id tells which."""

    old, kept, rotated = (SivPseudonyms(SECRET, one) for one in ((SECRET,), (NEXT, SECRET), (NEXT,)))

    @given(SUBJECTS)
    def test_both_ids_of_a_person_open_to_her_while_the_old_key_is_kept(self, subject):
        before, after = self.old.pairwise(subject, BRAND), self.kept.pairwise(subject, BRAND)
        assert before != after
        assert [self.kept.open_pairwise(one, SISTER) for one in (before, after)] == [subject, subject]
        assert [self.kept.open_pairwise(one, OTHER) for one in (before, after)] == [None, None]

    @given(SUBJECTS)
    def test_a_key_that_is_dropped_leaves_its_ids_to_nobody(self, subject):
        before, after = self.old.pairwise(subject, BRAND), self.rotated.pairwise(subject, BRAND)
        assert self.kept.pairwise(subject, BRAND) == after
        assert [self.rotated.open_pairwise(one, BRAND) for one in (before, after)] == [None, subject]

    def test_a_key_that_comes_before_it_is_used_is_understood_already(self):
        ahead = SivPseudonyms(SECRET, (SECRET, NEXT))
        assert ahead.pairwise("s", BRAND) == self.old.pairwise("s", BRAND)
        assert ahead.open_pairwise(self.rotated.pairwise("s", BRAND), BRAND) == "s"

    def test_ids_of_two_versions_look_alike(self):
        found = [one.pairwise("a" * 64, BRAND) for one in (self.old, self.rotated)]
        assert [len(one) for one in found] == [107, 107]
        assert sum(one == other for one, other in zip(*found, strict=True)) < 20

    @given(SUBJECTS)
    def test_what_the_ledger_says_of_somebody_is_found_whichever_key_makes_ids(self, subject):
        sealed = self.old.seal_subject(subject)
        assert {one.seal_subject(subject) for one in (self.kept, self.rotated)} == {sealed}
        assert self.rotated.open_subject(sealed) == subject

    @pytest.mark.parametrize("text", ["", "shop-server", "a" * 64, "!" * 107, "\u00e9" * 107, "shop." * 20])
    def test_a_services_name_is_no_id_of_anybodys(self, text):
        assert not MADE.names_person(text)

    def test_an_id_is_one_whoever_made_it(self):
        for one in (self.old.pairwise("a" * 64, BRAND), SivPseudonyms(bytes(32)).pairwise("b" * 64, OTHER)):
            assert self.rotated.names_person(one)

    @pytest.mark.parametrize("more", ["=", " ", "\n", "A"])
    def test_an_id_that_is_misspelled_is_no_services_name(self, more):
        spelled = MADE.pairwise("a" * 64, BRAND)
        for text in (spelled + more, spelled[:-9] + more, spelled.replace("-", "+").replace("_", "/") + more):
            assert self.rotated.names_person(text)
