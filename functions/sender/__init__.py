"""The sender: one doorbell, one decision, at most one call of the gateway."""
