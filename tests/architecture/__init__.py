"""The drawn design is the real one."""
