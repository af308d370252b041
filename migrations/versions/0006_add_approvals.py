"""add approvals of pages, a community's own pages, unanswered questions and choices of script."""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('page_approvals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('page_id', sa.String(length=64), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('approver_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('approved_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_page_approvals')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_page_approvals_page_id', 'page_approvals', ['page_id'], unique=False)
    op.create_table('own_pages',
    sa.Column('page_id', sa.String(length=64), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('page_id', name=op.f('pk_own_pages'))
    )
    op.create_table('unanswered',
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('words_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_unanswered'))
    )
    op.create_table('scripts',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('script', sa.String(length=16), nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_scripts'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('scripts')
    op.drop_table('unanswered')
    op.drop_table('own_pages')
    op.drop_index('ix_page_approvals_page_id', table_name='page_approvals')
    op.drop_table('page_approvals')
