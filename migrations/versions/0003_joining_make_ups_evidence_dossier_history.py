"""joining, make-ups, evidence, dossier, history of sessions

Revision: 0003; follows 0002
"""

import sqlalchemy as sa
from alembic import op

import trainer.core.models

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('sealed', sa.LargeBinary(), nullable=True),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('added_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('erased_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file'))
    )
    op.create_table('conflict',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assessor_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('declared_by', sa.Integer(), nullable=True),
    sa.Column('declared_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('ended_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.CheckConstraint('assessor_id <> person_id', name=op.f('ck_conflict_two_people')),
    sa.ForeignKeyConstraint(['assessor_id'], ['person.id'], name=op.f('fk_conflict_assessor_id_person')),
    sa.ForeignKeyConstraint(['declared_by'], ['person.id'], name=op.f('fk_conflict_declared_by_person')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_conflict_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict'))
    )
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_person_id'), ['person_id'], unique=False)
        batch_op.create_index('uq_conflict_live', ['assessor_id', 'person_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('entity_places',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.CheckConstraint('places >= 0', name=op.f('ck_entity_places_places')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_entity_places_course_id_course')),
    sa.ForeignKeyConstraint(['entity_id'], ['organisation.id'], name=op.f('fk_entity_places_entity_id_organisation')),
    sa.PrimaryKeyConstraint('course_id', 'entity_id', name=op.f('pk_entity_places'))
    )
    op.create_table('info_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('starts_local', sa.DateTime(), nullable=False),
    sa.Column('timezone', sa.String(length=64), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('capacity', sa.Integer(), nullable=True),
    sa.Column('cancelled_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.CheckConstraint('capacity IS NULL OR capacity > 0', name=op.f('ck_info_session_capacity')),
    sa.CheckConstraint('minutes BETWEEN 1 AND 1440', name=op.f('ck_info_session_minutes')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_info_session_course_id_course')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_info_session'))
    )
    with op.batch_alter_table('info_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_info_session_course_id'), ['course_id'], unique=False)

    op.create_table('opening',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('opens_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('references_asked', sa.Integer(), nullable=False),
    sa.Column('needs_confirmation', sa.Boolean(), nullable=False),
    sa.Column('answers', trainer.core.models.Json, nullable=False),
    sa.Column('welcome', trainer.core.models.Json, nullable=False),
    sa.Column('keep_until', sa.Date(), nullable=False),
    sa.Column('updated_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.CheckConstraint('closes_on >= opens_on', name=op.f('ck_opening_period')),
    sa.CheckConstraint('places > 0', name=op.f('ck_opening_places')),
    sa.CheckConstraint('references_asked BETWEEN 0 AND 3', name=op.f('ck_opening_references_asked')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_opening_course_id_course')),
    sa.PrimaryKeyConstraint('course_id', name=op.f('pk_opening'))
    )
    op.create_table('version_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('from_version_id', sa.Integer(), nullable=False),
    sa.Column('to_version_id', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.Column('effects', trainer.core.models.Json, nullable=False),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('proposed_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('reviewed_by', sa.Integer(), nullable=True),
    sa.Column('reviewed_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('review_note', sa.String(length=1000), nullable=False),
    sa.CheckConstraint("status IN ('proposed', 'done', 'declined', 'withdrawn')", name=op.f('ck_version_change_status')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_version_change_course_id_course')),
    sa.ForeignKeyConstraint(['from_version_id'], ['programme_version.id'], name=op.f('fk_version_change_from_version_id_programme_version')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_version_change_proposed_by_person')),
    sa.ForeignKeyConstraint(['reviewed_by'], ['person.id'], name=op.f('fk_version_change_reviewed_by_person')),
    sa.ForeignKeyConstraint(['to_version_id'], ['programme_version.id'], name=op.f('fk_version_change_to_version_id_programme_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version_change'))
    )
    with op.batch_alter_table('version_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_version_change_course_id'), ['course_id'], unique=False)
        batch_op.create_index('uq_version_change_open', ['course_id'], unique=True, sqlite_where=sa.text("status = 'proposed'"), postgresql_where=sa.text("status = 'proposed'"))

    op.create_table('absence_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('reason_code', sa.String(length=40), nullable=False),
    sa.Column('announced_by', sa.Integer(), nullable=True),
    sa.Column('announced_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('withdrawn_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('decided', sa.String(length=12), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.CheckConstraint("decided IS NULL OR decided IN ('excused', 'noted')", name=op.f('ck_absence_notice_decided')),
    sa.CheckConstraint("kind IN ('absent', 'late', 'left_early')", name=op.f('ck_absence_notice_kind')),
    sa.ForeignKeyConstraint(['announced_by'], ['person.id'], name=op.f('fk_absence_notice_announced_by_person')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_absence_notice_decided_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_absence_notice_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_absence_notice_session_id_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absence_notice'))
    )
    with op.batch_alter_table('absence_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_notice_session_id'), ['session_id'], unique=False)
        batch_op.create_index('uq_absence_notice_live', ['enrolment_id', 'session_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('candidate',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('given_name', sa.String(length=200), nullable=False),
    sa.Column('family_name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=14), nullable=False),
    sa.Column('motivation', sa.Text(), nullable=False),
    sa.Column('adjustments_sealed', sa.Text(), nullable=True),
    sa.Column('info_session_id', sa.Integer(), nullable=True),
    sa.Column('came_to_info', sa.Boolean(), nullable=True),
    sa.Column('proposed_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('consent_version', sa.String(length=20), nullable=True),
    sa.Column('consent_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('waiting_since', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('answered_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('answer_by', sa.Date(), nullable=True),
    sa.Column('enrolment_id', sa.Integer(), nullable=True),
    sa.Column('created_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('erased_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.CheckConstraint("status <> 'accepted' OR enrolment_id IS NOT NULL", name=op.f('ck_candidate_accepted')),
    sa.CheckConstraint("status IN ('proposed', 'interested', 'applied', 'offered', 'accepted', 'waiting', 'not_this_time', 'withdrawn')", name=op.f('ck_candidate_status')),
    sa.CheckConstraint('(confirmed_by IS NULL) = (confirmed_at IS NULL)', name=op.f('ck_candidate_confirmed')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['person.id'], name=op.f('fk_candidate_confirmed_by_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_candidate_course_id_course')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_candidate_decided_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_candidate_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['entity_id'], ['organisation.id'], name=op.f('fk_candidate_entity_id_organisation')),
    sa.ForeignKeyConstraint(['info_session_id'], ['info_session.id'], name=op.f('fk_candidate_info_session_id_info_session')),
    sa.ForeignKeyConstraint(['proposed_by'], ['person.id'], name=op.f('fk_candidate_proposed_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate')),
    sa.UniqueConstraint('course_id', 'email', name=op.f('uq_candidate_course_id_email')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_candidate_token_hash'))
    )
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.create_index('ix_candidate_course_id_status', ['course_id', 'status'], unique=False)

    op.create_table('contact_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('channel', sa.String(length=12), nullable=False),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('agreed', sa.String(length=500), nullable=False),
    sa.Column('again_on', sa.Date(), nullable=True),
    sa.CheckConstraint("channel IN ('call', 'message', 'in_person', 'other')", name=op.f('ck_contact_note_channel')),
    sa.CheckConstraint("outcome IN ('reached', 'no_answer', 'left_word', 'agreed')", name=op.f('ck_contact_note_outcome')),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_contact_note_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_contact_note_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_note'))
    )
    with op.batch_alter_table('contact_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_note_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('dossier_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('points', sa.Integer(), nullable=True),
    sa.Column('out_of', sa.Integer(), nullable=True),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('voids_id', sa.Integer(), nullable=True),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('recorded_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(state = 'taken') = (points IS NOT NULL AND out_of IS NOT NULL)", name=op.f('ck_dossier_entry_points')),
    sa.CheckConstraint("(state = 'void') = (voids_id IS NOT NULL)", name=op.f('ck_dossier_entry_voids')),
    sa.CheckConstraint("kind IN ('document', 'portfolio', 'test', 'decision')", name=op.f('ck_dossier_entry_kind')),
    sa.CheckConstraint("state IN ('handed_in', 'accepted', 'returned', 'taken', 'yes', 'not_yet', 'void')", name=op.f('ck_dossier_entry_state')),
    sa.CheckConstraint('points IS NULL OR (points >= 0 AND points <= out_of)', name=op.f('ck_dossier_entry_range')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_dossier_entry_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_dossier_entry_file_id_stored_file')),
    sa.ForeignKeyConstraint(['recorded_by'], ['person.id'], name=op.f('fk_dossier_entry_recorded_by_person')),
    sa.ForeignKeyConstraint(['voids_id'], ['dossier_entry.id'], name=op.f('fk_dossier_entry_voids_id_dossier_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_dossier_entry'))
    )
    with op.batch_alter_table('dossier_entry', schema=None) as batch_op:
        batch_op.create_index('ix_dossier_entry_thing', ['enrolment_id', 'kind', 'code'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=True),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=True),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('added_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('withdrawn_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.CheckConstraint("(kind = 'file') = (file_id IS NOT NULL) AND (kind = 'link') = (url IS NOT NULL) AND (kind = 'session') = (session_id IS NOT NULL)", name=op.f('ck_evidence_what')),
    sa.CheckConstraint("kind in ('note', 'file', 'link', 'session')", name=op.f('ck_evidence_kind')),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_evidence_added_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_evidence_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_evidence_file_id_stored_file')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_evidence_session_id_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evidence_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('make_up',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.String(length=14), nullable=False),
    sa.Column('target_session_id', sa.Integer(), nullable=True),
    sa.Column('task', sa.String(length=1000), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.Column('asked_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('done_by', sa.Integer(), nullable=True),
    sa.Column('done_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.CheckConstraint("(way = 'task') OR target_session_id IS NOT NULL", name=op.f('ck_make_up_target')),
    sa.CheckConstraint("status IN ('asked', 'agreed', 'done', 'declined', 'called_off')", name=op.f('ck_make_up_status')),
    sa.CheckConstraint("status NOT IN ('agreed', 'done') OR approved_at IS NOT NULL", name=op.f('ck_make_up_approved')),
    sa.CheckConstraint("way IN ('session', 'other_course', 'task', 'transfer')", name=op.f('ck_make_up_way')),
    sa.CheckConstraint('minutes BETWEEN 0 AND 1440', name=op.f('ck_make_up_minutes')),
    sa.ForeignKeyConstraint(['approved_by'], ['person.id'], name=op.f('fk_make_up_approved_by_person')),
    sa.ForeignKeyConstraint(['asked_by'], ['person.id'], name=op.f('fk_make_up_asked_by_person')),
    sa.ForeignKeyConstraint(['done_by'], ['person.id'], name=op.f('fk_make_up_done_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_make_up_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_make_up_session_id_session')),
    sa.ForeignKeyConstraint(['target_session_id'], ['session.id'], name=op.f('fk_make_up_target_session_id_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_make_up'))
    )
    with op.batch_alter_table('make_up', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_make_up_session_id'), ['session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_make_up_target_session_id'), ['target_session_id'], unique=False)
        batch_op.create_index('uq_make_up_live', ['enrolment_id', 'session_id'], unique=True, sqlite_where=sa.text("status IN ('asked', 'agreed', 'done')"), postgresql_where=sa.text("status IN ('asked', 'agreed', 'done')"))

    op.create_table('session_history',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('module_code', sa.String(length=80), nullable=False),
    sa.Column('starts_local', sa.DateTime(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('effective_minutes', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['session_id'], ['session.id'], name=op.f('fk_session_history_session_id_session'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_session_history'))
    )
    with op.batch_alter_table('session_history', schema=None) as batch_op:
        batch_op.create_index('ix_session_history_session_id_at', ['session_id', 'at'], unique=False)

    op.create_table('transfer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('from_enrolment_id', sa.Integer(), nullable=False),
    sa.Column('to_enrolment_id', sa.Integer(), nullable=False),
    sa.Column('effective_on', sa.Date(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_transfer_by_person')),
    sa.ForeignKeyConstraint(['from_enrolment_id'], ['enrolment.id'], name=op.f('fk_transfer_from_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['to_enrolment_id'], ['enrolment.id'], name=op.f('fk_transfer_to_enrolment_id_enrolment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_transfer')),
    sa.UniqueConstraint('from_enrolment_id', name=op.f('uq_transfer_from_enrolment_id'))
    )
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_transfer_to_enrolment_id'), ['to_enrolment_id'], unique=False)

    op.create_table('absence_note',
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=True),
    sa.Column('erased_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['notice_id'], ['absence_notice.id'], name=op.f('fk_absence_note_notice_id_absence_notice')),
    sa.ForeignKeyConstraint(['reader_id'], ['person.id'], name=op.f('fk_absence_note_reader_id_person')),
    sa.PrimaryKeyConstraint('notice_id', name=op.f('pk_absence_note'))
    )
    with op.batch_alter_table('absence_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_absence_note_reader_id'), ['reader_id'], unique=False)

    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('made_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('assigned_to', sa.Integer(), nullable=True),
    sa.Column('assigned_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('outcome_assessment_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(status = 'changed') = (outcome_assessment_id IS NOT NULL)", name=op.f('ck_appeal_changed')),
    sa.CheckConstraint("status in ('open', 'assigned', 'upheld', 'changed', 'withdrawn')", name=op.f('ck_appeal_status')),
    sa.CheckConstraint("status not in ('upheld', 'changed') OR outcome <> ''", name=op.f('ck_appeal_outcome')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_appeal_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['assigned_to'], ['person.id'], name=op.f('fk_appeal_assigned_to_person')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_appeal_decided_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_appeal_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['outcome_assessment_id'], ['assessment.id'], name=op.f('fk_appeal_outcome_assessment_id_assessment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal')),
    sa.UniqueConstraint('assessment_id', name=op.f('uq_appeal_assessment_id'))
    )
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appeal_assigned_to'), ['assigned_to'], unique=False)
        batch_op.create_index(batch_op.f('ix_appeal_enrolment_id'), ['enrolment_id'], unique=False)

    op.create_table('assessment_evidence',
    sa.Column('assessment_id', sa.Integer(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_assessment_evidence_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_assessment_evidence_evidence_id_evidence')),
    sa.PrimaryKeyConstraint('assessment_id', 'evidence_id', name=op.f('pk_assessment_evidence'))
    )
    with op.batch_alter_table('assessment_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assessment_evidence_evidence_id'), ['evidence_id'], unique=False)

    op.create_table('candidate_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('candidate_id', sa.Integer(), nullable=False),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=30), nullable=False),
    sa.Column('from_status', sa.String(length=14), nullable=True),
    sa.Column('to_status', sa.String(length=14), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_candidate_event_by_person')),
    sa.ForeignKeyConstraint(['candidate_id'], ['candidate.id'], name=op.f('fk_candidate_event_candidate_id_candidate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate_event'))
    )
    with op.batch_alter_table('candidate_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_candidate_event_candidate_id'), ['candidate_id'], unique=False)

    op.create_table('candidate_reference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('candidate_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('relation', sa.String(length=200), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('asked_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('expires_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('answered_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('recommends', sa.Boolean(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('erased_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['candidate_id'], ['candidate.id'], name=op.f('fk_candidate_reference_candidate_id_candidate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_candidate_reference')),
    sa.UniqueConstraint('candidate_id', 'email', name=op.f('uq_candidate_reference_candidate_id_email')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_candidate_reference_token_hash'))
    )
    op.create_table('evidence_for',
    sa.Column('evidence_id', sa.Integer(), nullable=False),
    sa.Column('competency_code', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_evidence_for_evidence_id_evidence')),
    sa.PrimaryKeyConstraint('evidence_id', 'competency_code', name=op.f('pk_evidence_for'))
    )
    op.create_table('make_up_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('make_up_id', sa.Integer(), nullable=False),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('target_session_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_make_up_event_by_person')),
    sa.ForeignKeyConstraint(['make_up_id'], ['make_up.id'], name=op.f('fk_make_up_event_make_up_id_make_up')),
    sa.ForeignKeyConstraint(['target_session_id'], ['session.id'], name=op.f('fk_make_up_event_target_session_id_session')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_make_up_event'))
    )
    with op.batch_alter_table('make_up_event', schema=None) as batch_op:
        batch_op.create_index('ix_make_up_event_make_up_id_at', ['make_up_id', 'at'], unique=False)

    op.create_table('prior_learning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('competency_code', sa.String(length=80), nullable=False),
    sa.Column('level_code', sa.String(length=40), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('evidence_id', sa.Integer(), nullable=True),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('asked_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('assessment_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(status = 'recognised') = (assessment_id IS NOT NULL)", name=op.f('ck_prior_learning_recognised')),
    sa.CheckConstraint("status in ('asked', 'recognised', 'not_yet', 'withdrawn')", name=op.f('ck_prior_learning_status')),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessment.id'], name=op.f('fk_prior_learning_assessment_id_assessment')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_prior_learning_decided_by_person')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_prior_learning_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['evidence_id'], ['evidence.id'], name=op.f('fk_prior_learning_evidence_id_evidence')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prior_learning'))
    )
    with op.batch_alter_table('prior_learning', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_prior_learning_enrolment_id'), ['enrolment_id'], unique=False)
        batch_op.create_index('uq_prior_learning_open', ['enrolment_id', 'competency_code'], unique=True, sqlite_where=sa.text("status = 'asked'"), postgresql_where=sa.text("status = 'asked'"))

    # What sessions were before is known to nobody: their history begins with what they are now.
    op.execute(
        "insert into session_history (session_id, at, status, module_code, starts_local, minutes, effective_minutes) "
        "select id, created_at, status, module_code, starts_local, minutes, effective_minutes from session"
    )


def downgrade() -> None:
    with op.batch_alter_table('prior_learning', schema=None) as batch_op:
        batch_op.drop_index('uq_prior_learning_open', sqlite_where=sa.text("status = 'asked'"), postgresql_where=sa.text("status = 'asked'"))
        batch_op.drop_index(batch_op.f('ix_prior_learning_enrolment_id'))

    op.drop_table('prior_learning')
    with op.batch_alter_table('make_up_event', schema=None) as batch_op:
        batch_op.drop_index('ix_make_up_event_make_up_id_at')

    op.drop_table('make_up_event')
    op.drop_table('evidence_for')
    op.drop_table('candidate_reference')
    with op.batch_alter_table('candidate_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_candidate_event_candidate_id'))

    op.drop_table('candidate_event')
    with op.batch_alter_table('assessment_evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assessment_evidence_evidence_id'))

    op.drop_table('assessment_evidence')
    with op.batch_alter_table('appeal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appeal_enrolment_id'))
        batch_op.drop_index(batch_op.f('ix_appeal_assigned_to'))

    op.drop_table('appeal')
    with op.batch_alter_table('absence_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_absence_note_reader_id'))

    op.drop_table('absence_note')
    with op.batch_alter_table('transfer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_transfer_to_enrolment_id'))

    op.drop_table('transfer')
    with op.batch_alter_table('session_history', schema=None) as batch_op:
        batch_op.drop_index('ix_session_history_session_id_at')

    op.drop_table('session_history')
    with op.batch_alter_table('make_up', schema=None) as batch_op:
        batch_op.drop_index('uq_make_up_live', sqlite_where=sa.text("status IN ('asked', 'agreed', 'done')"), postgresql_where=sa.text("status IN ('asked', 'agreed', 'done')"))
        batch_op.drop_index(batch_op.f('ix_make_up_target_session_id'))
        batch_op.drop_index(batch_op.f('ix_make_up_session_id'))

    op.drop_table('make_up')
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_enrolment_id'))

    op.drop_table('evidence')
    with op.batch_alter_table('dossier_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_dossier_entry_thing')

    op.drop_table('dossier_entry')
    with op.batch_alter_table('contact_note', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_note_enrolment_id'))

    op.drop_table('contact_note')
    with op.batch_alter_table('candidate', schema=None) as batch_op:
        batch_op.drop_index('ix_candidate_course_id_status')

    op.drop_table('candidate')
    with op.batch_alter_table('absence_notice', schema=None) as batch_op:
        batch_op.drop_index('uq_absence_notice_live', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_absence_notice_session_id'))

    op.drop_table('absence_notice')
    with op.batch_alter_table('version_change', schema=None) as batch_op:
        batch_op.drop_index('uq_version_change_open', sqlite_where=sa.text("status = 'proposed'"), postgresql_where=sa.text("status = 'proposed'"))
        batch_op.drop_index(batch_op.f('ix_version_change_course_id'))

    op.drop_table('version_change')
    op.drop_table('opening')
    with op.batch_alter_table('info_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_info_session_course_id'))

    op.drop_table('info_session')
    op.drop_table('entity_places')
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.drop_index('uq_conflict_live', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_conflict_person_id'))

    op.drop_table('conflict')
    op.drop_table('stored_file')
