"""add since when somebody is known in a group, and the group's own rules."""

import sqlalchemy as sa
from alembic import op


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('sightings',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', 'person', name=op.f('pk_sightings'))
    )
    op.add_column('group_settings', sa.Column('rules_sealed', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('group_settings', 'rules_sealed')
    op.drop_table('sightings')
