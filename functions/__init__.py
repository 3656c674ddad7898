"""The Lambda functions, one folder each; none knows another."""

import gc

# Nothing that an import makes is garbage, and yet by default the collector would look through all
# of it some 200 times: a tenth of a cold start. From here on it comes after 200,000 new objects
# that can hold others (Python's own number is 700). What runs in circles and waits for it took
# 20 MB where nothing but errors were raised; all other garbage goes at once, as ever.
# https://docs.python.org/3/library/gc.html#gc.set_threshold
gc.set_threshold(200_000, 1, 1)
