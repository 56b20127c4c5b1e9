"""Jurisdictions and the law pack: what the law wants for a cell, each row with its article."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from graph.catalogue import MOST_DAYS, LawRow
from graph.decision.law import UNKNOWN_PLACE
from graph.decision.situation import STEPPED_UP
from graph.pack.cells import any_known, any_member, choice, flag, instant, known, member, spelled, unique, whole
from graph.pack.reading import Row, Table, rows
from graph.terms import AgeBand, CategoryClass, Operation, Regime

JURISDICTIONS = Table.of(
    "jurisdictions.csv",
    "code",
    "name parent regime statute in_force_from consent_model sensitive_model guardian_age age_statute teen_age_to "
    "teen_rule access_days access_extension_days opt_out_days breach_authority_hours breach_rule signal_required "
    "signal_from regime_personalize regime_sensitive regime_sell_share_target evidence",
    needed=False,
)
LAW = Table.of(
    "law.csv",
    "jurisdiction regime",
    "purpose category_class operation age_band recipient_region max_age_days min_assurance guardian art9_ground "
    "in_force_from source",
)
EVERYWHERE = "*"
_DIMENSIONS = (*LAW.optional[:5], "in_force_from")


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A place with a law of its own: its age of consent, deadlines (days, hours) and the regimes the law rows say."""

    code: str
    name: str = ""
    parent: str = ""
    regime: str = ""
    statute: str = ""
    in_force_from: datetime | None = None
    consent_model: str = ""
    sensitive_model: str = ""
    guardian_age: int | None = None
    age_statute: str = ""
    teen_age_to: int | None = None
    teen_rule: str = ""
    access_days: int | None = None
    access_extension_days: int | None = None
    opt_out_days: int | None = None
    breach_authority_hours: int | None = None
    breach_rule: str = ""
    signal_required: bool = False
    signal_from: datetime | None = None
    regime_personalize: Regime | None = None
    regime_sensitive: Regime | None = None
    regime_sell_share_target: Regime | None = None


def jurisdictions(files: Mapping[str, bytes]) -> tuple[Jurisdiction, ...]:
    """Read the jurisdictions, if the pack has them; a parent is one of them and no circle is made."""
    found = rows(files, JURISDICTIONS)
    unique(((row, _code(row, "code")) for row in found), "code")
    parents = {row["code"]: row["parent"] for row in found}
    for row in found:
        _check_parents(row, parents)
    return tuple(_jurisdiction(row) for row in found)


def law(files: Mapping[str, bytes], *, jurisdictions: Collection[str], purposes: Collection[str]) -> tuple[LawRow, ...]:
    """Read the law pack; a row for `*` stands in every jurisdiction there is."""
    found = rows(files, LAW)
    unique(
        ((row, (row["jurisdiction"], *(row[column] or EVERYWHERE for column in _DIMENSIONS))) for row in found),
        "jurisdiction",
    )
    stated = [_code(row, "jurisdiction") for row in found]
    known_codes = {*(jurisdictions or stated), UNKNOWN_PLACE, EVERYWHERE}
    for row in found:
        known(row, "jurisdiction", known_codes, table=JURISDICTIONS.file)
    codes = [code for code in dict.fromkeys((*jurisdictions, *stated, UNKNOWN_PLACE)) if code != EVERYWHERE]
    return tuple(
        _law_row(row, code, purposes)
        for row in found
        for code in (codes if row["jurisdiction"] == EVERYWHERE else (row["jurisdiction"],))
    )


def _law_row(row: Row, code: str, purposes: Collection[str]) -> LawRow:
    region = row["recipient_region"]
    return LawRow(
        jurisdiction=code,
        regime=member(row, "regime", Regime),
        purpose=any_known(row, "purpose", purposes, table="purposes.csv"),
        category_class=any_member(row, "category_class", CategoryClass),
        operation=any_member(row, "operation", Operation),
        age_band=any_member(row, "age_band", AgeBand),
        recipient_region=None if region in ("", EVERYWHERE) else region,
        max_age_days=whole(row, "max_age_days", least=1, most=MOST_DAYS),
        min_assurance=whole(row, "min_assurance", most=STEPPED_UP) or 0,
        guardian=flag(row, "guardian"),
        art9_ground=row["art9_ground"],
        in_force_from=instant(row, "in_force_from"),
        source=row["source"],
    )


def _jurisdiction(row: Row) -> Jurisdiction:
    place = Jurisdiction(
        code=row["code"],
        name=row["name"],
        parent=row["parent"],
        regime=row["regime"],
        statute=row["statute"],
        in_force_from=instant(row, "in_force_from"),
        consent_model=row["consent_model"],
        sensitive_model=row["sensitive_model"],
        guardian_age=whole(row, "guardian_age"),
        age_statute=row["age_statute"],
        teen_age_to=whole(row, "teen_age_to"),
        teen_rule=row["teen_rule"],
    )
    return _with_duties(row, place)


def _with_duties(row: Row, place: Jurisdiction) -> Jurisdiction:
    return replace(
        place,
        access_days=whole(row, "access_days"),
        access_extension_days=whole(row, "access_extension_days"),
        opt_out_days=whole(row, "opt_out_days"),
        breach_authority_hours=whole(row, "breach_authority_hours"),
        breach_rule=row["breach_rule"],
        signal_required=flag(row, "signal_required"),
        signal_from=instant(row, "signal_from"),
        regime_personalize=_regime(row, "regime_personalize"),
        regime_sensitive=_regime(row, "regime_sensitive"),
        regime_sell_share_target=_regime(row, "regime_sell_share_target"),
    )


def _regime(row: Row, column: str) -> Regime | None:
    words = spelled(Regime)
    return words.get(choice(row, column, words))


def _code(row: Row, column: str) -> str:
    if not row[column] or row[column] != row[column].strip():
        raise row.fault(column, "the code is empty or has spaces round it; write it like `DE` or `US-CA`")
    return row[column]


def _check_parents(row: Row, parents: Mapping[str, str]) -> None:
    seen = {row["code"]}
    parent = row["parent"]
    while parent:
        if parent not in parents:
            raise row.fault("parent", f"parent `{parent}` is not in this table; add it or correct the parent")
        if parent in seen:
            raise row.fault("parent", f"`{row['code']}` stands below a circle; break it at `{parent}`")
        seen.add(parent)
        parent = parents[parent]
