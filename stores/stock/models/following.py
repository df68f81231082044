"""What those who follow availability must look at again although no unit has moved."""

from django.db import models

from stores.journal.models import CurrentTransaction


class PromiseMark(models.Model):
    """An item whose promise may be another in all stores at once: its state, its SKU or what is in it has changed.

    Triggers write it, one row for an item however many stores there are, so nobody can forget it and no row of
    availability is locked for it.
    """

    item = models.OneToOneField(
        "catalog.Item", models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="+"
    )
    # Also in stores that have no stock row of the item: it is a bundle, or was one.
    everywhere = models.BooleanField(default=False, db_default=False)
    changed_in = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        indexes = [models.Index(fields=["changed_in", "item"], name="promisemark_changed")]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.changed_in}"
