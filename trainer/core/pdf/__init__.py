"""Documents as PDF: text in any script, tagged for everyone to read, fit for archives.

typeset sets lines, faces holds the typefaces, tagging the canvas with its structure, archive the metadata.
"""
