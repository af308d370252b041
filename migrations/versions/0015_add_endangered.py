"""add who is in danger, where somebody else speaks of her."""

import sqlalchemy as sa
from alembic import op


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    # Never in a batch: copying `cases` anew would drop the old one, and with it all that hangs on it.
    op.add_column('cases', sa.Column('endangered_sealed', sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column('cases', 'endangered_sealed')
