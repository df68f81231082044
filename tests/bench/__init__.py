"""`make bench`: the speed table. Not a test: it measures, and fails only when something broke."""
