"""Discord, through discord.py: messages in over the gateway, actions out over REST. Start at ``adapter.py``."""
