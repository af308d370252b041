"""add wishes to be forgotten, and who wrote a flagged message of a case about nobody."""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('erasures',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('asker_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_erasures'))
    )
    op.add_column('signals', sa.Column('author', sa.String(length=32), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('signals', 'author')
    op.drop_table('erasures')
