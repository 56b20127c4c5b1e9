"""The doors: HTTP, tokens, documents, limits, telemetry, command line, wiring."""
