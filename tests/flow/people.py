"""Badges and PINs of the demo chain's people."""

CAMDEN_ASSOCIATE = ("4711", "830274")
CAMDEN_LEAD = ("4720", "618035")
CAMDEN_MANAGER = ("4730", "925470")
