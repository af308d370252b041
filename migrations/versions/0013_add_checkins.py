"""add weekly looks of members who asked for one."""

import sqlalchemy as sa
from alembic import op


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('checkins',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('who_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('share', sa.String(length=8), nullable=False),
    sa.Column('agreed_at', sa.DateTime(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=True),
    sa.Column('give_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_checkins'))
    )
    op.create_index('ix_checkins_due_at', 'checkins', ['due_at'], unique=False)
    op.create_table('checkin_days',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('counts_sealed', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('person', 'day', name=op.f('pk_checkin_days'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('checkin_days')
    op.drop_index('ix_checkins_due_at', table_name='checkins')
    op.drop_table('checkins')
