"""extra sessions, history of the placement log, kinds of prior learning

Revision: 0004; follows 0003
"""

import sqlalchemy as sa
from alembic import op

import trainer.core.models

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('placement_log_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('log_id', sa.Integer(), nullable=False),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint("state IN ('waiting', 'signed', 'disputed', 'removed')", name=op.f('ck_placement_log_event_state')),
    sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_placement_log_event_placement_id_placement')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_log_event'))
    )
    with op.batch_alter_table('placement_log_event', schema=None) as batch_op:
        batch_op.create_index('ix_placement_log_event_placement_id_at', ['placement_id', 'at'], unique=False)

    # What is known of entries made before: when each was written down, signed off, and disputed if it still is.
    for state, moment in (('waiting', 'recorded_at'), ('signed', 'signed_off_at'), ('disputed', 'disputed_at')):
        op.execute(
            'INSERT INTO placement_log_event (placement_id, log_id, at, state, date, kind, minutes) '
            f"SELECT placement_id, id, {moment}, '{state}', date, kind, minutes FROM placement_log "
            f'WHERE {moment} IS NOT NULL ORDER BY id'
        )
    op.add_column('prior_learning', sa.Column('kind', sa.String(length=40), server_default='', nullable=False))
    op.add_column('session', sa.Column('extra', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('session_history', sa.Column('extra', sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    # Not in batches: those would build the table of sessions anew, and what refers to it would go with the old one.
    op.drop_column('session_history', 'extra')
    op.drop_column('session', 'extra')
    op.drop_column('prior_learning', 'kind')
    with op.batch_alter_table('placement_log_event', schema=None) as batch_op:
        batch_op.drop_index('ix_placement_log_event_placement_id_at')
    op.drop_table('placement_log_event')
