"""What resolvers promise, against the real store."""
