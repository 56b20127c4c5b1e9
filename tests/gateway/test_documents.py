import hashlib
import json

import pytest

from gateway.documents import DocumentMismatch, RegisteredDocuments, document_id, normal, relay_id
from gateway.manifests import ManifestDocument, ManifestRefused, manifests_in, read_manifest
from graph.store import RegisteredDocument
from graph.terms import Operation

BODY = 'query Hello { me(purpose: "play") { id } }'
HASH = hashlib.sha256(BODY.encode()).hexdigest()
MD5 = hashlib.md5(BODY.encode()).hexdigest()
APOLLO = "apollo-persisted-query-manifest"
OTHER = "query Other { consents { id } }"


def registered(recipient="acme", body=BODY, **changes):
    whole = {"id": document_id(body), "name": "Hello", "purpose": "play", "operation": Operation.USE}
    return RegisteredDocument(recipient=recipient, body=body, **(whole | changes))


class TestIndex:
    @pytest.mark.parametrize("named", [f"sha256:{HASH}", HASH, MD5])
    def test_a_document_is_found_by_every_form_of_its_id(self, named):
        assert RegisteredDocuments((registered(),)).find("acme", named) == registered()

    @pytest.mark.parametrize("named", ["", "Hello", HASH[:-1], HASH.upper(), f"sha256:{HASH.upper()}", f"md5:{MD5}"])
    def test_another_text_is_no_id(self, named):
        assert RegisteredDocuments((registered(),)).find("acme", named) is None

    def test_another_recipients_document_is_unknown(self):
        held = RegisteredDocuments((registered(), registered("brand", OTHER)))
        assert held.find("brand", HASH) is None
        assert held.find("acme", document_id(OTHER)) is None
        assert held.find("", HASH) is None

    def test_two_recipients_may_register_one_text_for_different_purposes(self):
        other = registered("brand", purpose="sell")
        held = RegisteredDocuments((registered(), other))
        assert (held.find("acme", HASH), held.find("brand", HASH), len(held)) == (registered(), other, 2)

    def test_a_text_that_is_not_the_one_of_its_id_is_refused(self):
        with pytest.raises(DocumentMismatch):
            RegisteredDocuments((registered(id=document_id(OTHER)),))

    def test_a_recipients_documents_are_listed_once_each(self):
        other = registered(body=OTHER, name="Alpha")
        assert RegisteredDocuments((registered(), other, registered("brand"))).of("acme") == (other, registered())

    def test_nothing_is_registered_at_first(self):
        assert (len(RegisteredDocuments(())), RegisteredDocuments(()).find("acme", HASH)) == (0, None)


def test_a_bare_hash_gets_its_prefix():
    assert (normal(HASH), normal("x")) == (f"sha256:{HASH}", "x")


class TestManifest:
    def written(self, tmp_path, content, name="manifest.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    @pytest.mark.parametrize(
        "content",
        [
            {HASH: BODY},
            {f"sha256:{HASH}": BODY},
            {MD5: BODY},
            {HASH: {"name": "Hello", "source": BODY}},
            {
                "format": APOLLO,
                "version": 1,
                "operations": [{"id": HASH, "body": BODY, "name": "Hello", "type": "query"}],
            },
        ],
    )
    def test_the_manifests_of_the_client_tools_are_read(self, tmp_path, content):
        found = read_manifest(self.written(tmp_path, content))
        assert found == (ManifestDocument(f"sha256:{HASH}", "Hello", BODY),)

    def test_a_plain_file_is_one_document(self, tmp_path):
        found = read_manifest(self.written(tmp_path, BODY, "hello.graphql"))
        assert found == (ManifestDocument(f"sha256:{HASH}", "Hello", BODY),)

    def test_a_file_is_hashed_byte_for_byte(self, tmp_path):
        path = tmp_path / "hello.graphql"
        path.write_bytes(f"{BODY}\r\n".encode())
        assert read_manifest(path)[0].id == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ({document_id(OTHER): BODY}, "is not the SHA-256 of its document"),
            ({relay_id(OTHER): BODY}, "is not the SHA-256 of its document"),
            ({"hello": BODY}, "is not the SHA-256 of its document"),
            ({hashlib.sha1(BODY.encode()).hexdigest(): BODY}, 'hashAlgorithm: "sha256"'),
            ({HASH: 7}, "something else than texts"),
            ({HASH: {"name": "Hello"}}, "something else than texts"),
            ([], "no JSON object"),
            ("{", "no JSON object"),
            ({"format": APOLLO, "version": 2, "operations": []}, "no Apollo manifest"),
            ({"format": APOLLO, "version": 1, "operations": [{}]}, "without an `id`"),
            (
                {"format": APOLLO, "version": 1, "operations": [{"id": HASH}]},
                "else than texts",
            ),
            ({hashlib.sha256(b"{").hexdigest(): "{"}, "no GraphQL document"),
            ({hashlib.sha256(b"{a}").hexdigest(): "{a}"}, "one named operation"),
            ({hashlib.sha256((BODY + OTHER).encode()).hexdigest(): BODY + OTHER}, "one named operation"),
        ],
    )
    def test_a_manifest_that_does_not_hold_is_refused_and_named(self, tmp_path, content, message):
        with pytest.raises(ManifestRefused, match=message) as refused:
            read_manifest(self.written(tmp_path, content))
        assert "manifest.json" in str(refused.value)

    def test_a_folder_stands_for_its_plain_files_at_any_depth_in_order(self, tmp_path):
        (tmp_path / "deep").mkdir()
        for name in ("b.graphql", "a.gql", "deep/c.graphql", "manifest.json", "notes.txt"):
            self.written(tmp_path, BODY, name)
        (tmp_path / "deep" / "d.graphql").mkdir()
        found = [path.relative_to(tmp_path).as_posix() for path in manifests_in(tmp_path)]
        assert found == ["a.gql", "b.graphql", "deep/c.graphql"]

    def test_a_file_stands_for_itself_and_one_that_is_not_there_for_nothing(self, tmp_path):
        path = self.written(tmp_path, {HASH: BODY})
        assert manifests_in(path) == (path,)
        with pytest.raises(FileNotFoundError):
            manifests_in(tmp_path / "none")

    def test_a_file_that_is_not_there_or_no_text_is_refused(self, tmp_path):
        (tmp_path / "binary").write_bytes(b"\xff\xfe")
        for name in ("none", "binary"):
            with pytest.raises(ManifestRefused):
                read_manifest(tmp_path / name)
