"""Why a message waits, in the reader's language."""

from django.utils.translation import gettext as _

from stores.sync.models import InboundMessage, WebhookDelivery

Reason = InboundMessage.Reason
# The code of a refusal: what only an active item would settle.
NOT_FOR_SALE = "not_for_sale"


def reason_in_words(message: InboundMessage) -> str:
    """One line for the person who looks."""
    facts = message.facts
    match message.reason:
        case Reason.UNKNOWN_SKU:
            return _("Unknown SKU: {codes}").format(codes=", ".join(facts.get("codes", [])))
        case Reason.UNKNOWN_STORE:
            return _("Unknown store: {code}").format(code=facts.get("store_code", ""))
        case Reason.UNKNOWN_TOPIC:
            return _("Nobody here understands this kind of message: {topic}").format(topic=message.topic)
        case Reason.MALFORMED:
            return _("Cannot be read: {field}, {problem}").format(
                field=facts.get("field", ""), problem=facts.get("problem", "")
            )
        case Reason.REFUSED if facts.get("refusal") == NOT_FOR_SALE:
            return _("Not for sale: {skus}").format(skus=", ".join(facts.get("skus", [])))
        case Reason.REFUSED:
            return f"{facts.get('headline', '')} {facts.get('detail', '')}".strip()
        case Reason.ERROR:
            return _("Could not be applied: {error}, tried {tries} times").format(
                error=facts.get("error", ""), tries=facts.get("tries", "")
            )
    return message.get_reason_display()


def undelivered_in_words(delivery: WebhookDelivery) -> str:
    if delivery.last_status:
        return _("It answered {status}").format(status=delivery.last_status)
    words = {
        "no answer in time": _("It did not answer in time"),
        "host not found": _("Its host was not found"),
        "host not found in time": _("Its host was not found"),
        "no secure connection": _("No secure connection to it"),
        "not an HTTP answer": _("It answered something that is not HTTP"),
        "address is not public": _("Its address is not public"),
        "this URL is not allowed": _("Its URL is not allowed"),
        "not a URL": _("Its URL is not allowed"),
    }
    return words.get(delivery.last_error) or _("It cannot be reached: {problem}").format(problem=delivery.last_error)
