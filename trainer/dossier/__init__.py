"""What a person hands in, and what is decided about it: documents, portfolio, tests, decisions."""
