"""Policies as files: read, checked, compiled, watched."""
