"""signatures, credentials, threads and batches

Revision: 0002; follows 0001
"""

import sqlalchemy as sa
from alembic import op

import trainer.core.models

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('programme_face',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('programme_code', sa.String(length=60), nullable=False),
    sa.Column('accent', sa.String(length=7), nullable=True),
    sa.Column('logo', sa.LargeBinary(), nullable=True),
    sa.Column('logo_type', sa.String(length=40), nullable=True),
    sa.Column('signatories', trainer.core.models.Json, nullable=False),
    sa.Column('closing', trainer.core.models.Json, nullable=False),
    sa.Column('kinds', trainer.core.models.Json, nullable=False),
    sa.Column('updated_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_programme_face_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_face')),
    sa.UniqueConstraint('organisation_id', 'programme_code', name=op.f('uq_programme_face_organisation_id_programme_code'))
    )
    op.create_table('signing_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('algorithm', sa.String(length=40), nullable=False),
    sa.Column('chain', sa.Text(), nullable=False),
    sa.Column('public_key', sa.String(length=200), nullable=False),
    sa.Column('private_sealed', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('test', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('not_before', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('not_after', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('added_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('retired_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.Column('retired_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("(purpose = 'credential') = (place = 0)", name=op.f('ck_signing_key_place')),
    sa.CheckConstraint("purpose in ('signature', 'credential')", name=op.f('ck_signing_key_purpose')),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_signing_key_added_by_person')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_signing_key_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['retired_by'], ['person.id'], name=op.f('fk_signing_key_retired_by_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signing_key')),
    sa.UniqueConstraint('organisation_id', 'fingerprint', name=op.f('uq_signing_key_organisation_id_fingerprint'))
    )
    with op.batch_alter_table('signing_key', schema=None) as batch_op:
        batch_op.create_index('uq_signing_key_active', ['organisation_id', 'place'], unique=True, sqlite_where=sa.text('retired_at is null'), postgresql_where=sa.text('retired_at is null'))

    op.create_table('issue_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('begun_by', sa.Integer(), nullable=True),
    sa.Column('begun_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('ended_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['begun_by'], ['person.id'], name=op.f('fk_issue_batch_begun_by_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_issue_batch_course_id_course')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issue_batch'))
    )
    with op.batch_alter_table('issue_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_batch_course_id'), ['course_id'], unique=False)

    op.create_table('issue_batch_member',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['issue_batch.id'], name=op.f('fk_issue_batch_member_batch_id_issue_batch')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_issue_batch_member_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('batch_id', 'proposal_id', name=op.f('pk_issue_batch_member'))
    )
    with op.batch_alter_table('issue_batch_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_issue_batch_member_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('proposal_message',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=True),
    sa.Column('side', sa.String(length=10), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.CheckConstraint("side in ('university', 'provider')", name=op.f('ck_proposal_message_side')),
    sa.ForeignKeyConstraint(['by'], ['person.id'], name=op.f('fk_proposal_message_by_person')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_proposal_message_course_id_course')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_proposal_message_proposal_id_proposal')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_message'))
    )
    with op.batch_alter_table('proposal_message', schema=None) as batch_op:
        batch_op.create_index('ix_proposal_message_course_id_kind', ['course_id', 'kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_proposal_message_proposal_id'), ['proposal_id'], unique=False)

    op.create_table('reservation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('university_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('serial', sa.String(length=60), nullable=False),
    sa.Column('code', sa.String(length=26), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('cause', sa.String(length=10), nullable=False),
    sa.Column('enrolment_id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('reserved_by', sa.Integer(), nullable=True),
    sa.Column('reserved_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.CheckConstraint("(cause = 'issue') = (supersedes_id is null)", name=op.f('ck_reservation_supersedes')),
    sa.CheckConstraint("cause in ('issue', 'reissue', 'renewal')", name=op.f('ck_reservation_cause')),
    sa.ForeignKeyConstraint(['enrolment_id'], ['enrolment.id'], name=op.f('fk_reservation_enrolment_id_enrolment')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_reservation_proposal_id_proposal')),
    sa.ForeignKeyConstraint(['reserved_by'], ['person.id'], name=op.f('fk_reservation_reserved_by_person')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['certificate.id'], name=op.f('fk_reservation_supersedes_id_certificate')),
    sa.ForeignKeyConstraint(['university_id'], ['organisation.id'], name=op.f('fk_reservation_university_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reservation')),
    sa.UniqueConstraint('code', name=op.f('uq_reservation_code')),
    sa.UniqueConstraint('enrolment_id', 'kind', name=op.f('uq_reservation_enrolment_id_kind')),
    sa.UniqueConstraint('serial', name=op.f('uq_reservation_serial')),
    sa.UniqueConstraint('university_id', 'year', 'number', name=op.f('uq_reservation_university_id_year_number'))
    )
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reservation_proposal_id'), ['proposal_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reservation_supersedes_id'), ['supersedes_id'], unique=False)

    op.create_table('share_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('label', sa.String(length=80), nullable=False),
    sa.Column('shows', trainer.core.models.Json, nullable=False),
    sa.Column('created_at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('withdrawn_at', trainer.core.models.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_share_link_certificate_id_certificate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_share_link')),
    sa.UniqueConstraint('token', name=op.f('uq_share_link_token'))
    )
    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_share_link_certificate_id'), ['certificate_id'], unique=False)

    op.create_table('certificate_look',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('how', sa.String(length=10), nullable=False),
    sa.Column('share_link_id', sa.Integer(), nullable=True),
    sa.Column('at', trainer.core.models.UTCDateTime(), nullable=False),
    sa.CheckConstraint("how in ('code', 'document', 'link', 'credential')", name=op.f('ck_certificate_look_how')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_look_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['share_link_id'], ['share_link.id'], name=op.f('fk_certificate_look_share_link_id_share_link')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_look'))
    )
    with op.batch_alter_table('certificate_look', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_look_certificate_id'), ['certificate_id'], unique=False)

    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.add_column(sa.Column('credential', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('signatures', trainer.core.models.Json, server_default=sa.text("'[]'"), nullable=False))
        batch_op.add_column(sa.Column('reinstated_from', sa.Date(), nullable=True))
        batch_op.create_index('ix_certificate_expires_on', ['expires_on'], unique=False)

    with op.batch_alter_table('university_profile', schema=None) as batch_op:
        batch_op.add_column(sa.Column('two_people', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('national_id', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('timestamp_url', sa.String(length=300), server_default='', nullable=False))
        batch_op.add_column(sa.Column('long_term', sa.Boolean(), server_default=sa.false(), nullable=False))


    with op.batch_alter_table('certificate_event', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_certificate_event_event'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_certificate_event_event'),
            "event in ('issued', 'revoked', 'reinstated', 'superseded', 'renewed', 'reminded', 'flagged', "
            "'reviewed', 'withheld', 'shown', 'shared', 'unshared')",
        )
    # What was asked and answered so far begins the threads.
    op.execute(
        "insert into proposal_message (course_id, kind, proposal_id, side, words, by, at)"
        " select course_id, kind, id, 'university', question, question_by, coalesce(question_at, proposed_at)"
        " from proposal where question <> '' order by id"
    )
    op.execute(
        "insert into proposal_message (course_id, kind, proposal_id, side, words, by, at)"
        " select course_id, kind, id, 'provider', answer, null, coalesce(answer_at, proposed_at)"
        " from proposal where answer <> '' order by id"
    )


def downgrade() -> None:
    # The newer events would break the older rule.
    op.execute("delete from certificate_event where event in ('renewed', 'reminded', 'shared', 'unshared')")
    with op.batch_alter_table('certificate_event', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('ck_certificate_event_event'), type_='check')
        batch_op.create_check_constraint(
            batch_op.f('ck_certificate_event_event'),
            "event in ('issued', 'revoked', 'reinstated', 'superseded', 'flagged', 'reviewed', 'withheld', "
            "'shown')",
        )

    with op.batch_alter_table('university_profile', schema=None) as batch_op:
        batch_op.drop_column('long_term')
        batch_op.drop_column('timestamp_url')
        batch_op.drop_column('national_id')
        batch_op.drop_column('two_people')

    with op.batch_alter_table('certificate', schema=None) as batch_op:
        batch_op.drop_index('ix_certificate_expires_on')
        batch_op.drop_column('reinstated_from')
        batch_op.drop_column('signatures')
        batch_op.drop_column('credential')

    with op.batch_alter_table('certificate_look', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_look_certificate_id'))

    op.drop_table('certificate_look')
    with op.batch_alter_table('share_link', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_share_link_certificate_id'))

    op.drop_table('share_link')
    with op.batch_alter_table('reservation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reservation_supersedes_id'))
        batch_op.drop_index(batch_op.f('ix_reservation_proposal_id'))

    op.drop_table('reservation')
    with op.batch_alter_table('proposal_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_message_proposal_id'))
        batch_op.drop_index('ix_proposal_message_course_id_kind')

    op.drop_table('proposal_message')
    with op.batch_alter_table('issue_batch_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_issue_batch_member_proposal_id'))

    op.drop_table('issue_batch_member')
    with op.batch_alter_table('issue_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_issue_batch_course_id'))

    op.drop_table('issue_batch')
    with op.batch_alter_table('signing_key', schema=None) as batch_op:
        batch_op.drop_index('uq_signing_key_active', sqlite_where=sa.text('retired_at is null'), postgresql_where=sa.text('retired_at is null'))

    op.drop_table('signing_key')
    op.drop_table('programme_face')
