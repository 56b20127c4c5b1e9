"""What a request costs, beside servers that do less: run by `make bench`, explained in `docs/speed.md`."""
