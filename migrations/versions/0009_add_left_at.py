"""add when the bot left a group."""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('chats', sa.Column('left_at', sa.DateTime(), nullable=True))
    op.execute("UPDATE chats SET left_at = CURRENT_TIMESTAMP WHERE bot_status IN ('left', 'kicked')")


def downgrade() -> None:
    """Take back."""
    op.drop_column('chats', 'left_at')
