"""The composition root: the only place that knows every class and how they fit together."""
