"""The codes on bag labels and on the customer's screen.

A bag's label says `F-1047-2`: bag 2 of fulfillment 1047. `F-1047` alone means "one of its bags". The customer's screen
shows `C-1047-391274`: the pickup code, with the order it belongs to, so that one scan finds and proves it.
"""

import re
from typing import NamedTuple

CODE_DIGITS = 6
# After so many wrong codes only a lead can say who the customer is.
CODE_MISSES_MAX = 5

_BAG = re.compile(r"F-([0-9]{1,18})(?:-([0-9]{1,4}))?")
_CUSTOMER = re.compile(r"C-([0-9]{1,18})-([0-9]{6})")
_DIGITS = re.compile(r"[0-9]{6}")


class BagCode(NamedTuple):
    fulfillment_id: int
    bag: int | None


class CustomerCode(NamedTuple):
    fulfillment_id: int
    code: str


def bag_label(fulfillment_id: int, bag: int) -> str:
    return f"F-{fulfillment_id}-{bag}"


def customer_code(fulfillment_id: int, code: str) -> str:
    return f"C-{fulfillment_id}-{code}"


def read_bag_label(text: str) -> BagCode | None:
    found = _BAG.fullmatch(text)
    return BagCode(int(found[1]), int(found[2]) if found[2] else None) if found else None


def read_customer_code(text: str) -> CustomerCode | None:
    found = _CUSTOMER.fullmatch(text)
    return CustomerCode(int(found[1]), found[2]) if found else None


def is_pickup_code(text: str) -> bool:
    return _DIGITS.fullmatch(text) is not None
