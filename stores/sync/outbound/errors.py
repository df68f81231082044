"""Why a webhook did not arrive."""


class NotDelivered(Exception):
    """No answer that could be understood, in time. The text says why in a few words, for the exception queue."""


class AddressRefused(NotDelivered):
    def __init__(self) -> None:
        super().__init__("address is not public")
