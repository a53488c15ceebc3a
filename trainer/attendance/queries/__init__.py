"""Every SELECT of attendance, in a number of statements that does not grow with the people."""

from trainer.attendance.queries.facts import (
    ChangeRow as ChangeRow,
)
from trainer.attendance.queries.facts import (
    MarkOf as MarkOf,
)
from trainer.attendance.queries.facts import (
    MarkRow as MarkRow,
)
from trainer.attendance.queries.facts import (
    RegisterRow as RegisterRow,
)
from trainer.attendance.queries.facts import (
    attendance_facts as attendance_facts,
)
from trainer.attendance.queries.facts import (
    course_rule as course_rule,
)
from trainer.attendance.queries.facts import (
    enrolments_by_email as enrolments_by_email,
)
from trainer.attendance.queries.facts import (
    grid as grid,
)
from trainer.attendance.queries.facts import (
    history_of as history_of,
)
from trainer.attendance.queries.facts import (
    inputs as inputs,
)
from trainer.attendance.queries.facts import (
    mark_ids as mark_ids,
)
from trainer.attendance.queries.facts import (
    mark_of as mark_of,
)
from trainer.attendance.queries.facts import (
    names_of as names_of,
)
from trainer.attendance.queries.facts import (
    pauses_of as pauses_of,
)
from trainer.attendance.queries.facts import (
    people_of as people_of,
)
from trainer.attendance.queries.facts import (
    register_rows as register_rows,
)
from trainer.attendance.queries.facts import (
    roster_of as roster_of,
)
from trainer.attendance.queries.facts import (
    saved_marks as saved_marks,
)
from trainer.attendance.queries.facts import (
    session_facts as session_facts,
)
from trainer.attendance.queries.live import (
    LiveMark as LiveMark,
)
from trainer.attendance.queries.live import (
    live_marks as live_marks,
)
from trainer.attendance.queries.made_of import (
    Inputs as Inputs,
)
from trainer.attendance.queries.made_of import (
    OnCourse as OnCourse,
)
from trainer.attendance.queries.made_of import (
    late as late,
)
