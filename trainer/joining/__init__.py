"""From interest to a place on a course: information sessions, candidates, references, decisions."""
