"""The label on a bag."""

from datetime import timedelta

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pickup.codes import bag_label
from pickup.models import StagedTote
from stores.journal.actions.record import subject_of
from stores.printing.actions.queue_label import queue_label


def queue_bag_label(*, staged_tote: StagedTote, bags: int) -> None:
    """Queues the label of one staged bag, out of `bags` of its order."""
    fulfillment = staged_tote.fulfillment
    store, order = fulfillment.store, fulfillment.order
    link = getattr(fulfillment, "customer_link", None)
    queue_label(
        key=f"staged_tote:{staged_tote.pk}",
        store=store,
        title=_("Bag label {number} {bag}/{bags}").format(number=order.number, bag=staged_tote.bag, bags=bags),
        subject=subject_of(fulfillment),
        template="pickup/staging_label.zpl",
        context={
            "store_name": store.name,
            "order_number": order.number,
            "customer_short_name": order.contact.short_name,
            "bin_code": staged_tote.bin.code,
            "label_code": bag_label(fulfillment.pk, staged_tote.bag),
            "method": order.method,
            # Lazy: the label is written in the house's language, not in that of whoever stages.
            "bags": format_lazy(gettext_lazy("{bag} of {bags}"), bag=staged_tote.bag, bags=bags),
            "ready_at": timezone.now(),
            "collect_by": link.expires_at if link else timezone.now() + timedelta(days=store.hold_days),
        },
        associate=staged_tote.associate,
    )
