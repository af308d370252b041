"""add settings of groups and consents to learning."""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('consents',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('learning', sa.Boolean(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_consents'))
    )
    op.create_table('group_settings',
    sa.Column('chat_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('moderators', sa.BigInteger(), nullable=True),
    sa.Column('muted', sa.String(length=80), nullable=False),
    sa.Column('silent_words', sa.String(length=80), nullable=False),
    sa.Column('quiet_from', sa.Integer(), nullable=True),
    sa.Column('quiet_until', sa.Integer(), nullable=True),
    sa.Column('cool_down', sa.Integer(), nullable=False),
    sa.Column('ideation_to_moderators', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('chat_id', name=op.f('pk_group_settings'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('group_settings')
    op.drop_table('consents')
