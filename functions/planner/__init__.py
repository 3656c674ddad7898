"""The planner: from changes of mailings to schedules and commands."""
