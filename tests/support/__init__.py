"""Builders and worlds that tests are arranged with."""
