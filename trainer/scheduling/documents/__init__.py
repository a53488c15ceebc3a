"""iCalendar documents: bytes from plain values."""

from trainer.scheduling.documents.icalendar import calendar_document, etag_of
from trainer.scheduling.documents.vtimezone import vtimezone

__all__ = ["calendar_document", "etag_of", "vtimezone"]
