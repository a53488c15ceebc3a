"""Writing a dossier: handing in and answering, results, decisions, and taking back what was a mistake."""

from trainer.dossier.services.base import void as void
from trainer.dossier.services.decisions import Answer as Answer
from trainer.dossier.services.decisions import ask_university as ask_university
from trainer.dossier.services.decisions import decide as decide
from trainer.dossier.services.papers import Upload as Upload
from trainer.dossier.services.papers import answer as answer
from trainer.dossier.services.papers import hand_in as hand_in
from trainer.dossier.services.results import Result as Result
from trainer.dossier.services.results import record_results as record_results
