"""Run by Alembic: hands it the connection that ``bot.stores.migrate`` holds, inside whose transaction everything happens."""

from __future__ import annotations

from alembic import context

from bot.stores.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
