"""add where an update stands in line, so that a start need not read all that waits."""

import sqlalchemy as sa
from alembic import op


revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('inbox', sa.Column('line_sealed', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('inbox', 'line_sealed')
