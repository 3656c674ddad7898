"""`make bench`: how fast and how cheap Carillon is, beside what people would use instead."""
