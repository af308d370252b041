"""add what is kept of a spiral, and whether the bot itself calms a group."""

import sqlalchemy as sa
from alembic import op


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('spirals', sa.Column('lapses_at', sa.DateTime(), nullable=True))
    op.add_column('group_settings', sa.Column('grounding', sa.String(length=8), nullable=False, server_default='off'))
    op.create_table('spiral_trails',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('trail_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('heard_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_spiral_trails'))
    )
    op.create_table('spiral_stories',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('story_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_spiral_stories_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_spiral_stories'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('spiral_stories')
    op.drop_table('spiral_trails')
    op.drop_column('group_settings', 'grounding')
    op.drop_column('spirals', 'lapses_at')
