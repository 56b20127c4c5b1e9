"""Documents to begin with on the page of GraphiQL: in words that every catalogue has; a demonstration adds its own."""

from dataclasses import dataclass

from graphql import parse, print_ast

from graph.terms import Audience


@dataclass(frozen=True, slots=True)
class Example:
    """One document: whose schema it is for, what it shows, and its text."""

    audience: Audience
    said: str
    query: str


def example(audience: Audience, said: str, text: str) -> Example:
    """Return a document laid out as people read it."""
    return Example(audience, said, f"{print_ast(parse(text))}\n")


EXAMPLES = (
    example(
        Audience.GOVERNANCE,
        "the ledger: how many releases it holds, chained, checked",
        "query Ledger { ledger { length head intact firstBroken } }",
    ),
    example(
        Audience.GOVERNANCE,
        "who receives attributes, with which documents, and which keys those ask for and never got",
        "query Recipients { recipients(first: 25) { totalCount edges { node { id name thirdParty "
        "documents { id name } unusedKeys } } } }",
    ),
    example(
        Audience.CLIENT,
        "what the person has said yes and no to",
        "query Consents { consents(first: 25) { edges { node { purpose recipientName state givenAt endsAt } } } }",
    ),
    example(Audience.CLIENT, "the person's devices", "query Devices { devices { id name kind shared } }"),
)
