"""add follow-up plans, safety plans and rates."""

import sqlalchemy as sa
from alembic import op


revision = '0004'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('follow_plans',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('keeper', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('consent', sa.String(length=16), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_follow_plans_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('case_id', name=op.f('pk_follow_plans'))
    )
    op.create_table('follow_contacts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('answer_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('settled_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_follow_contacts_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_contacts')),
    sa.UniqueConstraint('case_id', 'step', name=op.f('uq_follow_contacts_case_id_step'))
    )
    op.create_index('ix_follow_contacts_due', 'follow_contacts', ['state', 'due_at'], unique=False)
    op.create_table('safety_plans',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.Column('plan_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('person', name=op.f('pk_safety_plans'))
    )
    op.create_table('rates',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_rates'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('rates')
    op.drop_table('safety_plans')
    op.drop_index('ix_follow_contacts_due', table_name='follow_contacts')
    op.drop_table('follow_contacts')
    op.drop_table('follow_plans')
