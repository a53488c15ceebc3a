"""Venues, sessions, the weekly planner and calendars."""
