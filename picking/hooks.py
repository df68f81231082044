"""What higher floors do when picking asks for it. Called inside the transaction that asks."""
