"""The evidence of a session: one ZIP that says all of it, and a script that finds what was altered, without the portal.

`contents` gathers the rows, `extract` the journal, `archive` writes the ZIP; `verifier.py` and `LISEZ-MOI.txt` go into
it as they are. Nothing in it depends on when it is made: of the same session the same bytes.
"""
