"""The digest: each day an e-mail about the day before."""
