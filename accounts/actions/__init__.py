"""The only writers of accounts: invitations, delegations, and how soon people are told."""
