"""add the characters in which the bot writes in a group."""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('group_settings', sa.Column('script', sa.String(length=16), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('group_settings', 'script')
