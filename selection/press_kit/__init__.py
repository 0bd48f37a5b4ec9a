"""The press kit of an announcement: one page, one PDF and one ZIP drawn from the same contents.

`contents` gathers them, with `comparison` and `drawings`; `keys` names a kit by what it holds; `printing` writes
the PDF, `archive` the ZIP, `release` the communiqué.
"""
