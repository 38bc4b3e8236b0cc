"""Stand-ins held to the same interface as the real thing."""
