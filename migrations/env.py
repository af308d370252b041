"""Alembic's entry: uses the connection that `upgrade` hands it."""

from alembic import context

from moderation.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
