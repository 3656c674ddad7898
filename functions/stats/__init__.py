"""The counters: from changes of messages to counts by status and minute."""
