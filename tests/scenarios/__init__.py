"""The standing set of decision cases (2.9): each shows a line of the design no other shows."""
