"""Whom a history is about: people nobody has met before, and how each of them arrives."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from time import time
from uuid import uuid4

from graph.catalogue import Recipient
from tests.history import documents
from tests.history.clients import Client, Person, Surroundings
from tests.history.cluster import Cluster
from tests.history.journal import Journal
from tests.history.operations import Says
from tests.history.pack import BRAND, HOUSE, READ_FOR
from tests.support.minting import Issuer, subject_of

DAY = 86_400


async def surroundings(cluster: Cluster, journal: Journal, people: int) -> Surroundings:
    """Make people up, and register the brand's document as an officer."""
    issuer, until = cluster.operator.issuer, int(time()) + DAY
    brand = {"sub": "shop", "client_id": "shop", "cg_audience": "partner", "cg_channel": "server", "exp": until}
    desk = {"sub": "desk", "client_id": "desk", "cg_audience": "governance", "exp": until}
    found = [_person(issuer, cluster, until) for _ in range(people)]
    around = Surroundings(found, lambda: cluster.gateways.ports, journal, issuer.token(brand), "")
    officer = Client(-1, around, Random(0))
    row = {"name": "shared", "body": documents.SHARED, "purpose": READ_FOR, "operation": "DISCLOSE"}
    sent = {"idempotencyKey": uuid4().hex, "recipientId": BRAND, "documents": [row]}
    told = await officer.settled(issuer.token(desk), documents.REGISTER, {"input": sent})
    officer.close()
    return replace(around, brand_document=told["act"]["documents"][0]["id"])


async def arrive(writer: Client, people: Sequence[Person]) -> None:
    """Let people be served the notice, which makes the last revision that no act does, and say their first words."""
    for person in people:
        await writer.offered(person, HOUSE)
        writer.around.journal.lives[person.subject].began = await writer.revision(person)
        await writer.writes(person)
        await writer.says(person, BRAND, Says.YES)
        await writer.says(person, HOUSE, Says.YES)


def _person(issuer: Issuer, cluster: Cluster, until: int) -> Person:
    name = f"person-{uuid4().hex}"
    subject = subject_of(issuer.name, name)
    claims = {"sub": name, "client_id": "front", "cg_channel": "phone", "cg_device": f"{name}-phone", "exp": until}
    token = issuer.token({**claims, "cg_residence": "XX", "cg_age_band": "ADULT"})
    return Person(subject, token, cluster.pseudonyms.pairwise(subject, Recipient(BRAND)))
