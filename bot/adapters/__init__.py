"""The platforms: Slack, Discord and the sandbox. They know the service's ports and never one another."""
