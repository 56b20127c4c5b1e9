"""The consent graph: what is known, what is allowed, where it is kept, what was given out."""
