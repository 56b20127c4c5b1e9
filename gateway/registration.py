"""`documents check` and `documents register`: the officer's registration, done by whoever runs the gateway."""

import argparse
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from gateway.in_use import Broken, broken, contracts_before, rebound
from gateway.manifests import ManifestDocument, ManifestRefused, manifests_in, read_manifest
from gateway.operator import at_the_desk
from gateway.registration_report import Checked, as_json, as_text, ids_as_json, ids_as_text, still_hold
from gateway.rooms import Gateway
from gateway.settings import Settings
from gateway.wrong_call import WrongCall
from graph.terms import Audience, Operation
from resolvers.context import Context
from resolvers.foreseen import Asked, foreseen
from resolvers.problems import Problem, Refused
from resolvers.registry import NewDocument, refuse_name, register_documents
from schema.breaking import Before
from schema.document_check import Contracts, Facts

DONE, NO = 0, 1  # exit codes (4.7): done, the answer is no


async def documents_checked(asked: argparse.Namespace, settings: Settings, out: TextIO) -> int:
    """Say what each document asks, and which documents in use would break, all of them if no file is named.

    Returns 1 if one could not be registered, asks what is never released, or is in use and would break. Raises
    `WrongCall` for a word the catalogue does not have, `OSError` for a file that is not there.
    """
    before = _before(asked)
    async with at_the_desk(settings, serving=False) as (opened, context):
        rows = _checked(asked, opened, context) if asked.files else ()
        held = (await context.store.additions()).documents
        found = broken(held, _contracts(opened, context), before)
    out.write(_said(asked, rows, found) or still_hold(len(held)))
    return DONE if all(row.holds for row in rows) and not found else NO


async def documents_registered(asked: argparse.Namespace, settings: Settings, out: TextIO) -> int:
    """Register documents, all or none; returns 1, and says why, if one could not be or a document in use would break.

    Raises as `documents_checked`.
    """
    before = _before(asked)
    async with at_the_desk(settings) as (opened, context):
        rows = _checked(asked, opened, context)
        new = tuple(row.new for row in rows if row.new is not None)
        harmed = () if asked.breaking else await _broken_by(asked, opened, context, new=new, before=before)
        if len(new) < len(rows) or harmed:
            out.write(_said(asked, rows if len(new) < len(rows) else (), harmed))
            return NO
        found = await register_documents(context, context.fresh_id(), asked.recipient, documents=new)
    if isinstance(found, Problem):  # pragma: no cover  whatever it refuses was refused by the check above
        raise WrongCall(found.message)
    out.write(ids_as_json(found) if asked.json else ids_as_text(found))
    return DONE


async def _broken_by(
    asked: argparse.Namespace,
    opened: Gateway,
    context: Context,
    *,
    new: tuple[NewDocument, ...],
    before: Mapping[Audience, Before],
) -> tuple[Broken, ...]:
    held = (await context.store.additions()).documents
    return broken(held, _contracts(opened, context), before) + rebound(held, new, asked.recipient)


def _before(asked: argparse.Namespace) -> Mapping[Audience, Before]:
    return {} if asked.since is None else contracts_before(asked.since)


def _said(asked: argparse.Namespace, rows: tuple[Checked, ...], found: tuple[Broken, ...]) -> str:
    return as_json(rows, found) if asked.json else as_text(rows, found)


def _contracts(opened: Gateway, context: Context) -> Contracts:
    return Contracts(opened.parts.documents, context.catalogue)


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
    purposes: tuple[str, ...]
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
            purpose, facts = self._bound(document.body)
        except Refused as refused:
            return Checked(file, document.id, document.name, fault=refused.problem.message)
        asked = Asked(self.recipient, purpose, self.operation, facts.audience, self.context.at)
        return Checked(
            file,
            facts.id,
            document.name,
            new=NewDocument(facts.id, document.name, document.body, purpose, self.operation, facts.keys),
            audience=facts.audience,
            attributes=tuple(foreseen(key, asked, self.context.catalogue) for key in facts.keys),
            open_ended=facts.open_ended,
        )

    def _bound(self, body: str) -> tuple[str, Facts]:
        """Return the first of the purposes that a document holds for, with its facts; raises `Refused` if for none."""
        *others, last = self.purposes
        for purpose in others:
            with suppress(Refused):
                return purpose, self.contracts.facts(body, purpose, ())
        return last, self.contracts.facts(body, last, ())


def _desk(asked: argparse.Namespace, opened: Gateway, context: Context) -> _Desk:
    """Return where documents are checked; raises `WrongCall` for a recipient or purpose that is none."""
    if asked.recipient is None or asked.purpose is None:
        raise WrongCall("documents are checked for somebody and something; name `--recipient` and `--purpose`")
    catalogue = context.catalogue
    recipient = catalogue.recipients.get(asked.recipient)
    if recipient is None:
        raise WrongCall("`--recipient` is nobody's id; give one of the catalogue, or register the recipient first")
    if not all(map(catalogue.trees.purposes.is_leaf, asked.purpose)):
        raise WrongCall("`--purpose` is no leaf of the catalogue's purposes; name one that a request may have")
    usual = Operation.DISCLOSE if recipient.third_party else Operation.USE
    operation = usual if asked.operation is None else Operation(asked.operation)
    return _Desk(recipient.id, tuple(asked.purpose), operation, _contracts(opened, context), context)
