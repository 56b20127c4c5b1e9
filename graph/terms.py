"""Closed lists: every word of the glossary that has a fixed set of values, and nothing else."""

from enum import IntEnum, StrEnum


class Fidelity(IntEnum):
    """How much of a value is let out, ordered."""

    NONE = 0
    EFFECT_ONLY = 1
    PRESENCE = 2
    CATEGORY = 3
    COARSE = 4
    NOISED = 5
    PRECISE = 6


class Operation(StrEnum):
    """What is done with an attribute (2.2)."""

    COLLECT = "COLLECT"
    USE = "USE"
    INFER = "INFER"
    DISCLOSE = "DISCLOSE"
    SELL = "SELL"
    TARGET = "TARGET"
    TRAIN = "TRAIN"


class Regime(IntEnum):
    """What the law wants for a cell, ordered by strictness."""

    NOTICE_ONLY = 0
    OPT_OUT = 1
    CONSENT = 2
    EXPLICIT_CONSENT = 3
    PROHIBITED = 4


class Basis(StrEnum):
    """Legal basis of a row of the register of processing (GDPR Art. 6(1))."""

    CONSENT = "CONSENT"
    CONTRACT = "CONTRACT"
    LEGAL_OBLIGATION = "LEGAL_OBLIGATION"
    VITAL_INTERESTS = "VITAL_INTERESTS"
    PUBLIC_TASK = "PUBLIC_TASK"
    LEGITIMATE_INTERESTS = "LEGITIMATE_INTERESTS"


class Origin(StrEnum):
    """Where a value came from."""

    DECLARED = "declared"
    OBSERVED = "observed"
    DERIVED = "derived"
    INFERRED = "inferred"


class ValueKind(StrEnum):
    """Kind of an attribute's value; SENSOR and NODE have no field."""

    FLOAT = "FLOAT"
    INT = "INT"
    STRING = "STRING"
    BOOLEAN = "BOOLEAN"
    ENUM = "ENUM"
    LIST = "LIST"
    VEC3 = "VEC3"
    TIMESTAMP = "TIMESTAMP"
    SENSOR = "SENSOR"
    NODE = "NODE"


class Level(IntEnum):
    """Personalization level, ordered; a level caps and never grants."""

    OFF = 0
    CONTEXTUAL = 1
    DECLARED = 2
    OBSERVED = 3
    INFERRED = 4
    PREDICTIVE = 5


class Sensitivity(IntEnum):
    """Sensitivity of a category or attribute, S5 never released."""

    S0 = 0
    S1 = 1
    S2 = 2
    S3 = 3
    S4 = 4
    S5 = 5


class CategoryClass(StrEnum):
    """How the law pack classes a category: special (GDPR Art. 9), sensitive (US state laws), ordinary."""

    SPECIAL = "special"
    SENSITIVE = "sensitive"
    ORDINARY = "ordinary"


class RecordKind(StrEnum):
    """Kind of a consent record (2.4)."""

    GIVEN = "GIVEN"
    RENEWED = "RENEWED"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    OBJECTED = "OBJECTED"
    SIGNAL = "SIGNAL"
    REVOKED = "REVOKED"
    NOTICE_SERVED = "NOTICE_SERVED"
    RESTRICTED = "RESTRICTED"


class GivenBy(StrEnum):
    """Who made a record."""

    SUBJECT = "SUBJECT"
    GUARDIAN = "GUARDIAN"
    AGENT = "AGENT"
    DEVICE = "DEVICE"
    OPERATOR = "OPERATOR"


class PartyKind(StrEnum):
    """Whose consent state a record stands in."""

    SUBJECT = "SUBJECT"
    DEVICE = "DEVICE"
    HOUSEHOLD = "HOUSEHOLD"


class Standing(StrEnum):
    """Whether the subject may be decided on at all (gate 3)."""

    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    ERASED = "ERASED"
    UNKNOWN = "UNKNOWN"


class AgeBand(StrEnum):
    """Age band of a subject."""

    CHILD = "CHILD"
    TEEN = "TEEN"
    ADULT = "ADULT"
    UNKNOWN = "UNKNOWN"


class Audience(StrEnum):
    """Which of the three contracts a token opens."""

    CLIENT = "client"
    PARTNER = "partner"
    GOVERNANCE = "governance"


class Occupancy(IntEnum):
    """Who else is at the device, ordered from most to least exposed."""

    SHARED = 0
    UNKNOWN = 1
    PRIVATE = 2


class Visibility(IntEnum):
    """WebXR visibility state of the session, ordered."""

    HIDDEN = 0
    VISIBLE_BLURRED = 1
    VISIBLE = 2


class Signal(StrEnum):
    """Signal carried by a request (GPC: `Sec-GPC: 1`)."""

    GPC = "GPC"


class DeviceKind(StrEnum):
    """Kind of a linked device."""

    HEADSET = "HEADSET"
    PHONE = "PHONE"
    BROWSER = "BROWSER"
    KIOSK = "KIOSK"
    TV = "TV"
    SPEAKER = "SPEAKER"


class Outcome(StrEnum):
    """What an answer says of one attribute."""

    RELEASED = "RELEASED"
    WITHHELD = "WITHHELD"
    NOT_HELD = "NOT_HELD"


class Gate(StrEnum):
    """The eight gates, in the order of the table of 2.3."""

    SCOPE = "SCOPE"
    PURPOSE = "PURPOSE"
    STANDING = "STANDING"
    LAW = "LAW"
    CONSENT = "CONSENT"
    LINEAGE = "LINEAGE"
    LEVEL = "LEVEL"
    CONTEXT = "CONTEXT"


class Reason(StrEnum):
    """Why a gate stops below the next rung."""

    OUTSIDE_TOKEN_SCOPE = "OUTSIDE_TOKEN_SCOPE"  # noqa: S105 a reason, not a secret
    NOT_FOR_THIS_PURPOSE = "NOT_FOR_THIS_PURPOSE"
    SUBJECT_RESTRICTED = "SUBJECT_RESTRICTED"
    PROHIBITED_BY_LAW = "PROHIBITED_BY_LAW"
    CONSENT_MISSING = "CONSENT_MISSING"
    CONSENT_EXPIRED = "CONSENT_EXPIRED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    OBJECTED = "OBJECTED"
    EARLIER_NO_STANDS = "EARLIER_NO_STANDS"
    NOTICE_OUTDATED = "NOTICE_OUTDATED"
    EXPLICIT_CONSENT_REQUIRED = "EXPLICIT_CONSENT_REQUIRED"
    GUARDIAN_REQUIRED = "GUARDIAN_REQUIRED"
    TOO_MANY_RECORDS = "TOO_MANY_RECORDS"
    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"
    SOURCE_WITHHELD = "SOURCE_WITHHELD"
    LINEAGE_UNKNOWN = "LINEAGE_UNKNOWN"
    LEVEL_TOO_LOW = "LEVEL_TOO_LOW"
    CHANNEL_LIMIT = "CHANNEL_LIMIT"
    SHARED_DEVICE = "SHARED_DEVICE"
    DEVICE_NOT_TRUSTED = "DEVICE_NOT_TRUSTED"
    SESSION_NOT_VISIBLE = "SESSION_NOT_VISIBLE"
    PLACE = "PLACE"


class NextActionKind(StrEnum):
    """What the client can do about a withheld attribute."""

    ASK_CONSENT = "ASK_CONSENT"
    RAISE_LEVEL = "RAISE_LEVEL"
    STEP_UP = "STEP_UP"
    ASK_GUARDIAN = "ASK_GUARDIAN"
    USE_ANOTHER_DEVICE = "USE_ANOTHER_DEVICE"
    SHOW_NOTICE = "SHOW_NOTICE"
