"""A graph that holds one of everything, so that the server has seen every label and property there is."""

import time
from dataclasses import replace
from datetime import timedelta
from functools import cache

from graph.catalogue import NoticeVersion, Recipient
from graph.pack import REFERENCE
from graph.pack import load as reference
from graph.records import NoticeRef, Scope, Subject
from graph.store import Additions, RegisteredDocument, Store
from graph.terms import AgeBand, Level, Operation, RecordKind
from tests.conformance.builders import ALONE, FULL_SCOPE, HOUR, NOON, change, command, device, disclosure, record, value

PEOPLE = 40
PURPOSE, KEY = "personalize.recommendation.product", "interest.topics"


async def load(store: Store) -> None:
    """Let people say yes and no, hold values with lineage, and be disclosed; add to the catalogue."""
    await store.secret("loaded")
    await store.mirror(replace(reference(REFERENCE).catalogue, version=time.time_ns()))
    await store.add(
        Additions(
            recipients=(Recipient("loaded", "Loaded"),),
            notices=(NoticeVersion(NoticeRef("loaded", 1), 1, NOON),),
            documents=(RegisteredDocument("loaded", "loaded", "Sheet", "{ a }", PURPOSE, Operation.DISCLOSE, (KEY,)),),
        ),
        command("loaded"),
        NOON,
    )
    if (await store.snapshot(f"loaded{PEOPLE - 1}", ALONE)).own.revision == 0:
        for number in range(PEOPLE):
            await _person(store, f"loaded{number}")


async def _person(store: Store, subject: str) -> None:
    await store.open_subject(Subject(subject, age_band=AgeBand.ADULT, jurisdictions=("DE",)), device("set"), NOON)
    rows = (
        record("open", scope=Scope(), sequence=1, valid_until=NOON + timedelta(days=365)),
        record("full", scope=FULL_SCOPE, sequence=1),
        record(f"own of {subject}", scope=Scope(PURPOSE, _category(), "loaded"), sequence=1),
    )
    more = {"levels": (("*", Level.PREDICTIVE),), "guardians": ("somebody",), "offer": f"offer of {subject}"}
    await store.append(change(subject, 0, begins=rows, **more))
    no = record("no", NOON + HOUR, RecordKind.WITHDRAWN, scope=FULL_SCOPE, sequence=2)
    await store.append(change(subject, 1, NOON + HOUR, begins=(no,), ends=("full",)))
    source = value("source", device="set", observed_at=NOON, expires_at=NOON + timedelta(days=36500))
    await store.put(subject, (source, value("derived", sources=("source",))), command(), NOON)
    await store.disclose(
        (disclosure(subject, evidence=("open", f"own of {subject}"), document="loaded", recipient="loaded"),)
    )


@cache
def _category() -> str:
    return reference(REFERENCE).catalogue.attributes[KEY].category
