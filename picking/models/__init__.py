"""The walk and what becomes of it: lists and waves, who holds them, totes, shortages, and what must go back."""

from picking.models.captures import PickCapture
from picking.models.lists import PickClaim, PickLine, PickList, PickPart, PickTote
from picking.models.put_backs import PutBack
from picking.models.shortages import Shortage
from picking.models.waves import Method, PickPlan, Wave

__all__ = [
    "Method",
    "PickCapture",
    "PickClaim",
    "PickLine",
    "PickList",
    "PickPart",
    "PickPlan",
    "PickTote",
    "PutBack",
    "Shortage",
    "Wave",
]
