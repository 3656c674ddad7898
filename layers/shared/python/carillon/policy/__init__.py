"""Pure decisions: no clock, no randomness, no I/O; the same input gives the same answer."""
