"""Progress: where people stand, what is still possible and what comes next; reads, never writes."""
