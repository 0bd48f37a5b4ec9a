"""The only writers of selection: instruction by the secretariat, the committee's session, the announcement."""
