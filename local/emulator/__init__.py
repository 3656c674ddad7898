"""The emulated AWS: MiniStack, an unmodified package, started with what it lacks put right.

`server` runs it in a process of its own; `correctness` restores behaviour of AWS that it does not
have, always, and `fair_queues` is the longest part of that; `permissions` does the same for what it
asks a policy to grant; `speed` makes it faster without changing what can be observed, and can be
switched off; `snapshots` keeps its state over a crash.
"""
