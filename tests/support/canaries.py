"""Personal values nobody could mistake for something else: planted in stores, searched for where none may be."""

PLANTED_WORD = "canary-tangerine-7f3a"  # sent where no word may stand
PLANTED_NUMBER = 1.6180339  # recorded, and given out as it is
IMPOSSIBLE_NUMBER = 987654.321  # beyond every bound, so that a refusal may be tempted to quote it

# What the demonstration's people have stored, where it is a word that nothing else would say.
STORED_WORDS = ("ceramics", "woodworking", "deep_blue_orbit", "stoneware_bowl", "moka_pot", "expecting", "fermentation")

CANARIES = (PLANTED_WORD, str(PLANTED_NUMBER), str(IMPOSSIBLE_NUMBER), *STORED_WORDS)
