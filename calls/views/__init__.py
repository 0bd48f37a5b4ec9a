"""Pages of calls: the public's, and the secretariat's."""
