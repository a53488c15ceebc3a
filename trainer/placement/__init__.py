"""Placements: the agreement, the log of hours, the weekly follow-up."""
