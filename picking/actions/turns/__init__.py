"""The roads back: what was not to be had, is no longer wanted, or lies where it should not."""
