"""What only the SQLite store can be asked: its file, its locks, its schema, its statements."""
