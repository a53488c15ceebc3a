"""A person's dossier: what is asked for, where each thing stands, and what to do next. Pure.

Source: docs/domain.md, "Programmes are data": documents, portfolio, tests after each part, decisions by a named role. Entries
are appended; one recorded by mistake is taken back by another (`void`), so that every moment can be replayed.
"""

from trainer.dossier.rules.decisions import DecisionStanding as DecisionStanding
from trainer.dossier.rules.decisions import decision_standing as decision_standing
from trainer.dossier.rules.decisions import put_forward as put_forward
from trainer.dossier.rules.entries import LONGEST_URL as LONGEST_URL
from trainer.dossier.rules.entries import LONGEST_WORDS as LONGEST_WORDS
from trainer.dossier.rules.entries import Entry as Entry
from trainer.dossier.rules.entries import State as State
from trainer.dossier.rules.entries import Thing as Thing
from trainer.dossier.rules.entries import live as live
from trainer.dossier.rules.entries import of_thing as of_thing
from trainer.dossier.rules.entries import tidy_url as tidy_url
from trainer.dossier.rules.papers import DUE_SOON as DUE_SOON
from trainer.dossier.rules.papers import PaperStanding as PaperStanding
from trainer.dossier.rules.papers import PaperState as PaperState
from trainer.dossier.rules.papers import paper_standing as paper_standing
from trainer.dossier.rules.papers import usual_end as usual_end
from trainer.dossier.rules.scores import ScoreStanding as ScoreStanding
from trainer.dossier.rules.scores import score_standing as score_standing
from trainer.dossier.rules.summary import Dossier as Dossier
from trainer.dossier.rules.summary import asked_share as asked_share
from trainer.dossier.rules.summary import asks_for_anything as asks_for_anything
from trainer.dossier.rules.summary import corrected as corrected
from trainer.dossier.rules.summary import dossier_of as dossier_of
from trainer.dossier.rules.summary import granted as granted
from trainer.dossier.rules.words import PAPER_WORDS as PAPER_WORDS
