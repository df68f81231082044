"""Chance without dice: the same words fall the same way on every machine and in every run."""

from zlib import crc32


def falls(sides: int, *words: str) -> int:
    """A number from 0 up to, but not including, `sides`, spread evenly over the words."""
    return crc32(":".join(words).encode()) % sides
