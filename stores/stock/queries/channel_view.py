"""How much of what is there a way of buying may see."""

from dataclasses import dataclass
from typing import Self

from stores.stock.models import Channel


@dataclass(frozen=True)
class ChannelView:
    """`kept_back` units of each item in each store are never seen; a bundle is as scarce as what is seen of its parts.

    `shows_sums`: whether the units behind the promise are told too. A channel is told the promise alone.
    """

    code: str = ""
    kept_back: int = 0
    shows_sums: bool = True

    @classmethod
    def of(cls, channel: Channel | None) -> Self:
        """Without a channel: all there is."""
        return cls(channel.code, channel.kept_back, shows_sums=False) if channel else cls()
