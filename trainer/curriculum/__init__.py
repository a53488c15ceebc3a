"""Programmes: what is taught and what it takes to be accredited, as data read from YAML."""
