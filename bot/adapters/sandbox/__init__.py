"""A chat platform inside the process: for trying policies, and for tests. Held to the same contract as Slack and Discord."""
