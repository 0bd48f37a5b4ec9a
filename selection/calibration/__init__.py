"""The secretariat's annex to a session: severity, rank intervals, what to discuss, what would change the list.

It stands beside the raw mean, which alone decides, and never instead of it. `marks` is what it reads, `severity`
corrects, `intervals` says how sure the ranks are, `band` and `flips` look at the funding line. No row is read or
written here.
"""
