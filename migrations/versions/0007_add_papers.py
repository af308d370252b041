"""add members' own papers (evidence, story, dates) and reminders of them."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('papers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('paper_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_papers')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_papers_person', 'papers', ['person', 'kind'], unique=False)
    op.create_table('nudges',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('chat_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_nudges'))
    )
    op.create_index('ix_nudges_due_at', 'nudges', ['due_at'], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_index('ix_nudges_due_at', table_name='nudges')
    op.drop_table('nudges')
    op.drop_index('ix_papers_person', table_name='papers')
    op.drop_table('papers')
