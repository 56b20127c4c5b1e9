"""`documents check` and `documents register`: the officer's registration, done by whoever runs the gateway."""

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gateway.manifests import ManifestDocument, ManifestRefused, manifests_in, read_manifest
from gateway.operator import at_the_desk
from gateway.registration_report import Checked, as_json, as_text, ids_as_json, ids_as_text
from gateway.rooms import Gateway
from gateway.settings import Settings
from gateway.wrong_call import WrongCall
from graph.terms import Operation
from resolvers.context import Context
from resolvers.foreseen import Asked, foreseen
from resolvers.problems import Problem, Refused
from resolvers.registry import NewDocument, refuse_name, register_documents
from schema.document_check import Contracts

DONE, NO = 0, 1  # exit codes (4.7): done, the answer is no


async def documents_checked(asked: argparse.Namespace, settings: Settings, out: TextIO) -> int:
    """Say what each document asks; returns 1 if one could not be registered, or asks what is never released.

    Raises `WrongCall` for a word the catalogue does not have, `OSError` for a file that is not there.
    """
    async with at_the_desk(settings) as (opened, context):
        rows = _checked(asked, opened, context)
    out.write(as_json(rows) if asked.json else as_text(rows))
    return DONE if all(row.holds for row in rows) else NO


async def documents_registered(asked: argparse.Namespace, settings: Settings, out: TextIO) -> int:
    """Register documents, all or none; returns 1, and says why, if one could not be. Raises as `documents_checked`."""
    async with at_the_desk(settings) as (opened, context):
        rows = _checked(asked, opened, context)
        new = tuple(row.new for row in rows if row.new is not None)
        if len(new) < len(rows):
            out.write(as_json(rows) if asked.json else as_text(rows))
            return NO
        found = await register_documents(context, context.fresh_id(), asked.recipient, documents=new)
    if isinstance(found, Problem):  # pragma: no cover  whatever it refuses was refused by the check above
        raise WrongCall(found.message)
    out.write(ids_as_json(found) if asked.json else ids_as_text(found))
    return DONE


def _checked(asked: argparse.Namespace, opened: Gateway, context: Context) -> tuple[Checked, ...]:
    desk = _desk(asked, opened, context)
    rows = [row for path in asked.files for file in manifests_in(path) for row in desk.rows(file)]
    if not rows:
        raise WrongCall("there is no document; name a manifest, a `.graphql` file or a folder of them")
    once = {row.id or str(place): row for place, row in enumerate(rows)}
    return tuple(once.values())


@dataclass(frozen=True, slots=True)
class _Desk:
    """For whom, for what and how documents are to be registered, and the contracts they are held against."""

    recipient: str
    purpose: str
    operation: Operation
    contracts: Contracts
    context: Context

    def rows(self, file: Path) -> list[Checked]:
        """Check every document of a file; a file that does not hold is a row of its own."""
        try:
            return [self._row(file, document) for document in read_manifest(file)]
        except ManifestRefused as refusal:
            return [Checked(file, fault=str(refusal))]

    def _row(self, file: Path, document: ManifestDocument) -> Checked:
        try:
            refuse_name(document.name, "name")
            facts = self.contracts.facts(document.body, self.purpose, ())
        except Refused as refused:
            return Checked(file, document.id, document.name, fault=refused.problem.message)
        asked = Asked(self.recipient, self.purpose, self.operation, facts.audience, self.context.at)
        return Checked(
            file,
            facts.id,
            document.name,
            new=NewDocument(facts.id, document.name, document.body, self.purpose, self.operation, facts.keys),
            audience=facts.audience,
            attributes=tuple(foreseen(key, asked, self.context.catalogue) for key in facts.keys),
            open_ended=facts.open_ended,
        )


def _desk(asked: argparse.Namespace, opened: Gateway, context: Context) -> _Desk:
    """Return where documents are checked; raises `WrongCall` for a recipient or purpose that is none."""
    catalogue = context.catalogue
    recipient = catalogue.recipients.get(asked.recipient)
    if recipient is None:
        raise WrongCall("`--recipient` is nobody's id; give one of the catalogue, or register the recipient first")
    if not catalogue.trees.purposes.is_leaf(asked.purpose):
        raise WrongCall("`--purpose` is no leaf of the catalogue's purposes; name one that a request may have")
    usual = Operation.DISCLOSE if recipient.third_party else Operation.USE
    operation = usual if asked.operation is None else Operation(asked.operation)
    return _Desk(recipient.id, asked.purpose, operation, Contracts(opened.parts.documents, catalogue), context)
