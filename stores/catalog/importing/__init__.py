"""Files of items: reading them as they come, and judging what they say. Pure functions: no database, no clock."""
