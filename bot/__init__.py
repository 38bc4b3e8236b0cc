"""Chaperone."""
