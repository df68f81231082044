from stores.staff.actions.approve import approve_as_lead, verify_pin

__all__ = ["approve_as_lead", "verify_pin"]
