"""add the rota, acts of staff, appeals and guided forms."""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    # Never in a batch: copying `cases` anew would drop the old one, and with it all that hangs on it.
    op.add_column('cases', sa.Column('unanswered', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('cases', sa.Column('how_sealed', sa.LargeBinary(), nullable=True))
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.alter_column('said', existing_type=sa.String(length=400), type_=sa.String(length=1000), existing_nullable=False)
    op.create_table('acts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('actor', sa.BigInteger(), nullable=False),
    sa.Column('actor_name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('row_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_acts_case_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['row_id'], ['outbox.id'], name=op.f('fk_acts_row_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acts')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('acts', schema=None) as batch_op:
        batch_op.create_index('ix_acts_case', ['case_id'], unique=False)
        batch_op.create_index('ix_acts_actor', ['actor', 'at'], unique=False)
    op.create_table('appeals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('person_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('decided_by', sa.BigInteger(), nullable=True),
    sa.Column('decider_name_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('called_at', sa.DateTime(), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_appeals_case_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeals')),
    sa.UniqueConstraint('case_id', name=op.f('uq_appeals_case_id')),
    sqlite_autoincrement=True
    )
    op.create_table('forms',
    sa.Column('person', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('state_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('person', 'kind', name=op.f('pk_forms'))
    )
    op.create_table('staff',
    sa.Column('user_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('name_sealed', sa.LargeBinary(), nullable=False),
    sa.Column('quiet_from', sa.String(length=5), nullable=True),
    sa.Column('quiet_to', sa.String(length=5), nullable=True),
    sa.Column('veiled', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_staff'))
    )
    op.create_table('shifts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('days', sa.String(length=8), nullable=False),
    sa.Column('starts', sa.String(length=5), nullable=False),
    sa.Column('ends', sa.String(length=5), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shifts')),
    sqlite_autoincrement=True
    )
    op.create_table('absences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('starts_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('covered_by', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.create_index('ix_absences_ends_at', ['ends_at'], unique=False)
    op.create_table('holidays',
    sa.Column('day', sa.String(length=10), nullable=False),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_holidays'))
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table('holidays')
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.drop_index('ix_absences_ends_at')
    op.drop_table('absences')
    op.drop_table('shifts')
    op.drop_table('staff')
    op.drop_table('forms')
    op.drop_table('appeals')
    with op.batch_alter_table('acts', schema=None) as batch_op:
        batch_op.drop_index('ix_acts_actor')
        batch_op.drop_index('ix_acts_case')
    op.drop_table('acts')
    # Moves of this version must not be read by the one before it.
    op.execute("UPDATE cases SET state = 'safe' WHERE state = 'passed_on'")
    op.execute("UPDATE cases SET state_before = NULL WHERE state_before = 'passed_on'")
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.alter_column('said', existing_type=sa.String(length=1000), type_=sa.String(length=400), existing_nullable=False)
    op.drop_column('cases', 'how_sealed')
    op.drop_column('cases', 'unanswered')
