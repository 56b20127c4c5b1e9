"""Documents made from a schema, one for each text that can be sent to it: everything else in them is in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)

DEEPEST = 4  # fields below the root: no argument stands deeper


@dataclass(frozen=True, slots=True)
class Hostile:
    """A document, its variables but for one text, and where that text belongs."""

    place: str
    document: str
    variables: Mapping[str, Any]
    path: tuple[str, ...]

    def with_text(self, text: str) -> dict[str, Any]:
        """Return the variables with a text in its place."""
        return dict(_put(self.variables, self.path, text))


def _put(value: Any, path: tuple[str, ...], text: str) -> Any:
    """Return a value with a text at the end of a path; of lists in the first item."""
    if isinstance(value, list):
        return [_put(value[0], path, text)]
    if not path:
        return text
    return {**value, path[0]: _put(value.get(path[0]), path[1:], text)}


def hostile(schema: GraphQLSchema, words: Mapping[str, Any]) -> Iterator[Hostile]:
    """Yield a document for each text an argument takes, at any depth; `words` are good values by scalar's name."""
    for operation, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        for trail in _trails(root, ()) if root else ():
            for name, argument in trail[-1][1].args.items():
                for path in _texts(argument, (), words):
                    yield _document(operation, trail, (name, path), words)


Trail = tuple[tuple[str, GraphQLField], ...]


def _trails(kind: GraphQLObjectType, above: Trail) -> Iterator[Trail]:
    """Yield the way to every field that takes arguments."""
    for name, field in kind.fields.items():
        here = (*above, (name, field))
        if field.args:
            yield here
        below = get_named_type(field.type)
        if isinstance(below, GraphQLObjectType) and len(here) < DEEPEST:
            yield from _trails(below, here)


def _texts(
    place: GraphQLArgument | GraphQLInputField, above: tuple[str, ...], words: Mapping[str, Any]
) -> Iterator[tuple[str, ...]]:
    """Yield the way to every text below an argument."""
    kind = get_named_type(place.type)
    if isinstance(kind, GraphQLScalarType) and isinstance(words[kind.name], str):
        yield above
    elif isinstance(kind, GraphQLInputObjectType):
        for name, field in kind.fields.items():
            yield from _texts(field, (*above, name), words)


def _document(operation: str, trail: Trail, target: tuple[str, tuple[str, ...]], words: Mapping[str, Any]) -> Hostile:
    """Return the document that asks the last field of a trail, every argument on the way a variable."""
    argument, path = target
    declared, given, told = [], {}, _selected(trail[-1][1])
    for depth, (name, field) in reversed([*enumerate(trail)]):
        last = depth == len(trail) - 1
        passed = []
        for called, one in field.args.items():
            if (last and called == argument) or is_required_argument(one):
                variable = f"{called}{depth}"
                declared.append(f"${variable}: {one.type}")
                given[variable] = _good(one.type, words, path if last and called == argument else ())
                passed.append(f"{called}: ${variable}")
        arguments = f"({', '.join(passed)})" if passed else ""
        told = f"{{ {name}{arguments} {told} }}"
    place = ".".join((*(name for name, _ in trail), argument, *path))
    where = (f"{argument}{len(trail) - 1}", *path)
    return Hostile(place, f"{operation} Hostile({', '.join(declared)}) {told}", given, where)


def _selected(field: GraphQLField) -> str:
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    if isinstance(kind, GraphQLUnionType):
        return "{ __typename ... on Problem { code message path } }"
    return "{ __typename }"


def _good(kind: GraphQLInputType, words: Mapping[str, Any], wanted: tuple[str, ...]) -> Any:
    """Return a good value; members that need not be there only if they are on the way that is wanted."""
    bare = get_nullable_type(kind)
    if isinstance(bare, GraphQLList):
        return [_good(bare.of_type, words, wanted)]
    if isinstance(bare, GraphQLEnumType):
        return next(iter(bare.values))
    if isinstance(bare, GraphQLInputObjectType):
        return {
            name: _good(field.type, words, wanted[1:] if wanted[:1] == (name,) else ())
            for name, field in bare.fields.items()
            if is_required_input_field(field) or wanted[:1] == (name,)
        }
    return words[bare.name]
