"""Who understands which message. Connectors here, and apps on higher floors, register from `AppConfig.ready()`."""

from collections.abc import Callable

from stores.sync.models import InboundMessage

# Applies the message inside the caller's transaction and returns what it became ("order:12"), or "" when there was
# nothing to do. Raises a Refusal when a person must look; anything else is tried again.
Handler = Callable[[InboundMessage], str]

_handlers: dict[tuple[str, str], Handler] = {}


def handle(connector: str, topic: str, handler: Handler) -> None:
    _handlers[connector, topic] = handler


def handler_of(connector: str, topic: str) -> Handler | None:
    return _handlers.get((connector, topic))
