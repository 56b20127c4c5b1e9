"""The contract: Strawberry types, three roots, the committed SDL of each audience."""
