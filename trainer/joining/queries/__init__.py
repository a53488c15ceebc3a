"""Every SELECT of joining, in a number of statements that does not grow with the candidates."""

from trainer.joining.queries.lists import (
    at_info_session as at_info_session,
)
from trainer.joining.queries.lists import (
    candidates as candidates,
)
from trainer.joining.queries.lists import (
    chose as chose,
)
from trainer.joining.queries.lists import (
    events_of as events_of,
)
from trainer.joining.queries.lists import (
    info_session as info_session,
)
from trainer.joining.queries.lists import (
    info_sessions as info_sessions,
)
from trainer.joining.queries.lists import (
    kept_places as kept_places,
)
from trainer.joining.queries.lists import (
    name_of as name_of,
)
from trainer.joining.queries.lists import (
    open_courses as open_courses,
)
from trainer.joining.queries.lists import (
    openings_to_erase as openings_to_erase,
)
from trainer.joining.queries.lists import (
    organisations_named as organisations_named,
)
from trainer.joining.queries.lists import (
    places_of as places_of,
)
from trainer.joining.queries.lists import (
    professionals as professionals,
)
from trainer.joining.queries.lists import (
    proposed_by as proposed_by,
)
from trainer.joining.queries.lists import (
    references_of as references_of,
)
from trainer.joining.queries.lists import (
    to_erase as to_erase,
)
from trainer.joining.queries.lists import (
    unanswered as unanswered,
)
from trainer.joining.queries.lists import (
    waiting_list as waiting_list,
)
from trainer.joining.queries.rows import (
    Asked as Asked,
)
from trainer.joining.queries.rows import (
    CandidateRow as CandidateRow,
)
from trainer.joining.queries.rows import (
    Case as Case,
)
from trainer.joining.queries.rows import (
    EventRow as EventRow,
)
from trainer.joining.queries.rows import (
    InfoRow as InfoRow,
)
from trainer.joining.queries.rows import (
    Meeting as Meeting,
)
from trainer.joining.queries.rows import (
    OpenCourse as OpenCourse,
)
from trainer.joining.queries.rows import (
    ProposedRow as ProposedRow,
)
from trainer.joining.queries.single import (
    asked_by_token as asked_by_token,
)
from trainer.joining.queries.single import (
    candidate_by_email as candidate_by_email,
)
from trainer.joining.queries.single import (
    case_by_token as case_by_token,
)
from trainer.joining.queries.single import (
    case_of as case_of,
)
from trainer.joining.queries.single import (
    digest as digest,
)
from trainer.joining.queries.single import (
    has_proposed as has_proposed,
)
from trainer.joining.queries.single import (
    last_mailed as last_mailed,
)
from trainer.joining.queries.single import (
    meeting_of as meeting_of,
)
from trainer.joining.queries.single import (
    opening_of as opening_of,
)
from trainer.joining.queries.single import (
    references_asked_for as references_asked_for,
)
