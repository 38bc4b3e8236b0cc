"""Measurements. Each prints a table and asserts nothing."""
