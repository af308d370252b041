"""add the line with which a case is handed on."""

import sqlalchemy as sa
from alembic import op


revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('acts', sa.Column('line_sealed', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('acts', 'line_sealed')
