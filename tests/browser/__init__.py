"""An operator does the job in a browser. One package, so that it can share one browser."""
