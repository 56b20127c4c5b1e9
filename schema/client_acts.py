"""The client's mutations: what a person says, links and records; each takes one input with an idempotency key."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import strawberry

from graph.terms import Level
from resolvers import consent as acts
from resolvers import devices as linking
from resolvers.acts import Changed
from resolvers.problems import Problem
from resolvers.values import record_values
from schema.consent import (
    ConsentAnswer,
    GiveConsentInput,
    ObjectToProcessingInput,
    RefuseConsentInput,
    SetPersonalizationLevelInput,
    WithdrawAllInput,
    WithdrawConsentInput,
    consent_answer,
)
from schema.devices import DeviceAnswer, LinkDeviceInput, UnlinkDeviceInput, device_answer
from schema.field import CONSENT_DATA, DEVICE_DATA, field, given
from schema.operation import Operation
from schema.outcome import ATTRIBUTE, Remedy
from schema.values import RecordValuesInput, ValuesAnswer, values_answer

Info: TypeAlias = strawberry.Info[Operation]


def client_mutation() -> Any:
    """Make the client's mutations."""
    members = {name: field(said, category=kind, resolver=resolver) for name, (said, kind, resolver) in ACTS.items()}
    made = type("Mutation", (), {"__module__": __name__, "__annotations__": {}, **members})
    return strawberry.type(made, name="Mutation", description="What a person says, links and records.")


def _said(info: Info, found: Changed | Problem, purpose: str = "") -> ConsentAnswer:
    return consent_answer(found, Remedy(purpose, info.context.context.rules.step_up_url))


async def _give(info: Info, input: GiveConsentInput) -> ConsentAnswer:  # noqa: A002 the contract's word
    purpose = next((one.purpose for one in input.choices), "")  # all of one offer, so of one purpose
    return _said(info, await acts.give(info.context.context, input.act()), purpose)


async def _refuse(info: Info, input: RefuseConsentInput) -> ConsentAnswer:  # noqa: A002 the contract's word
    return _said(info, await acts.refuse(info.context.context, input.idempotency_key, input.offer_token))


async def _withdraw(info: Info, input: WithdrawConsentInput) -> ConsentAnswer:  # noqa: A002 the contract's word
    return _said(info, await acts.withdraw(info.context.context, input.idempotency_key, input.scope.scope()))


async def _withdraw_all(info: Info, input: WithdrawAllInput) -> ConsentAnswer:  # noqa: A002 the contract's word
    return _said(info, await acts.withdraw_all(info.context.context, input.idempotency_key))


async def _object(info: Info, input: ObjectToProcessingInput) -> ConsentAnswer:  # noqa: A002 the contract's word
    return _said(info, await acts.object_to(info.context.context, input.idempotency_key, input.scope.scope()))


async def _set_level(info: Info, input: SetPersonalizationLevelInput) -> ConsentAnswer:  # noqa: A002 the contract's word
    channel, level = given(input.channel), Level[input.level.name]
    return _said(info, await acts.set_level(info.context.context, input.idempotency_key, channel, level))


async def _record(info: Info, input: RecordValuesInput) -> ValuesAnswer:  # noqa: A002 the contract's word
    context, values = info.context.context, tuple(one.value() for one in input.values)
    found = await record_values(context, input.idempotency_key, input.purpose, values)
    return values_answer(found, Remedy(input.purpose, context.rules.step_up_url))


async def _link(info: Info, input: LinkDeviceInput) -> DeviceAnswer:  # noqa: A002 the contract's word
    return device_answer(await linking.link(info.context.context, input.idempotency_key, input.act()))


async def _unlink(info: Info, input: UnlinkDeviceInput) -> DeviceAnswer:  # noqa: A002 the contract's word
    return device_answer(await linking.unlink(info.context.context, input.idempotency_key, input.device_id))


ACTS: Mapping[str, tuple[str, str, Callable[..., Any]]] = {
    "giveConsent": ("Say yes to chosen cells of an offer.", CONSENT_DATA, _give),
    "refuseConsent": ("Say no to every cell of an offer.", CONSENT_DATA, _refuse),
    "withdrawConsent": ("Take back whatever was said yes to within a scope; always succeeds.", CONSENT_DATA, _withdraw),
    "withdrawAll": ("Take back everything.", CONSENT_DATA, _withdraw_all),
    "objectToProcessing": ("Object to processing within a scope (GDPR Art. 21).", CONSENT_DATA, _object),
    "setPersonalizationLevel": (
        "Say how far personalization may go; it caps and never grants.",
        CONSENT_DATA,
        _set_level,
    ),
    "recordValues": ("Store values, as far as consent lets each be stored.", ATTRIBUTE, _record),
    "linkDevice": ("Link a device to this person.", DEVICE_DATA, _link),
    "unlinkDevice": ("Unlink a device and end every yes for it.", DEVICE_DATA, _unlink),
}
