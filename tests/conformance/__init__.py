"""What every store promises; no test here asks which store it has."""
