"""A fault in each line of the pure rules and the use cases, one by one: do the unit tests notice?

`layout` makes the copy that is broken, `running` has mutmut break it, `faults` reads what came of
it, `explained` says of each fault that no test notices why that is right, and `report` compares.
"""
