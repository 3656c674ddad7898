"""The promises under seeded faults: the use cases that ship, in a world of fakes with its own time.

`world` is time, processes, queues, streams and schedules; `faults` is what goes wrong; `gateway` is
the other side; `operators` is what people do; `checkers` knows none of these and judges the record.
`python -m tests.simulation --seed N` replays one seed with its trace.
"""
