"""The only writers of calls: their preparation, questions, events and subscriptions."""
