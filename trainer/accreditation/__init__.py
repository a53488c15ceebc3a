"""Evidence packs, decisions, serials, certificates and their public verification."""
