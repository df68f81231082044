"""The other side, to play with: a shop that sends orders and hears what became of them."""
