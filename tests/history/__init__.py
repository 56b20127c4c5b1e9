"""What several gateways do under load and faults, recorded operation by operation and judged as a history."""
