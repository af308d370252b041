"""add when a group wants to be told of a spiral, and the pause after one."""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('group_settings', sa.Column('spiral_when', sa.String(length=16), nullable=True))
    op.add_column('group_settings', sa.Column('spiral_pause', sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('group_settings', 'spiral_pause')
    op.drop_column('group_settings', 'spiral_when')
