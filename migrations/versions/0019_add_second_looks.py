"""add messages that the model has yet to read."""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('second_looks',
    sa.Column('update_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('urgency', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('update_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('kept_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('update_id', name=op.f('pk_second_looks'))
    )
    with op.batch_alter_table('second_looks') as batch:
        batch.create_index('ix_second_looks_person', ['person'])


def downgrade() -> None:
    """Take back."""
    op.drop_table('second_looks')
