"""Bins by what they are for."""

from stores.models import Bin, BinKind


def virtual_bin(store_id: int, kind: BinKind) -> Bin:
    """The store's one bin for the supplier, customer, transit or variance. Raises Bin.DoesNotExist."""
    return Bin.objects.get(store_id=store_id, kind=kind)
