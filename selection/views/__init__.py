"""Pages of selection: the secretariat's, the committee's, the announcement's, and the public's."""
