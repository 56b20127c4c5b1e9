"""Personal values nobody could mistake for something else: planted in stores, searched for where none may be."""

PLANTED_WORD = "canary-tangerine-7f3a"
PLANTED_NUMBER = 171.6180339
IMPOSSIBLE_NUMBER = 987654.321  # beyond every bound, so that a refusal may be tempted to quote it

DEMO_VALUES = (
    "ceramics",
    "woodworking",
    "deep_blue_orbit",
    "stoneware_bowl",
    "moka_pot",
    "expecting",
    "172.4",
    "141.2",
    "SA-10",
)

CANARIES = (PLANTED_WORD, str(PLANTED_NUMBER), str(IMPOSSIBLE_NUMBER), *DEMO_VALUES)
