"""Alembic migrations, numbered verb-noun, append-only; `upgrade` runs them under a lock."""

from migrations.upgrade import upgrade

__all__ = ["upgrade"]
