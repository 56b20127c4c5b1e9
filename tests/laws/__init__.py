"""Laws of the decision as properties, with an oracle written from the design page alone."""
