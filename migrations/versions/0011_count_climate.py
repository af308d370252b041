"""count how groups feel by day, instead of distress."""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('climate',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('messages', sa.Integer(), nullable=False),
    sa.Column('strong', sa.Integer(), nullable=False),
    sa.Column('echoes', sa.Integer(), nullable=False),
    sa.Column('steadying', sa.Integer(), nullable=False),
    sa.Column('spirals', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', 'day', name=op.f('pk_climate'))
    )
    op.drop_table('distress')


def downgrade() -> None:
    """Take back."""
    op.create_table('distress',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.Column('messages', sa.Integer(), nullable=False),
    sa.Column('distressed', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', 'day', name=op.f('pk_distress'))
    )
    op.execute("INSERT INTO distress SELECT chat_id, day, messages, 0 FROM climate")
    op.drop_table('climate')
