"""The few words that the browser itself must say, in the reader's language."""

from django.utils.translation import gettext as _

from stores.handheld.spans import SPAN_TEXTS


def client_texts() -> dict[str, str]:
    """Texts for static/js/texts.js; a name ending in _one or _many is chosen by the number `n`."""
    return {
        **{name: str(text) for name, text in SPAN_TEXTS.items()},
        "just_now": _("just now"),
        "online": _("Online"),
        "offline": _("No connection"),
        "server": _("No answer"),
        "sign_in": _("Signed out"),
        "offline_one": _("No connection: 1 waits"),
        "offline_many": _("No connection: {n} wait"),
        "server_one": _("The server does not answer: 1 waits"),
        "server_many": _("The server does not answer: {n} wait"),
        "server_none": _("The server does not answer. Trying again."),
        "sign_in_one": _("Signed out: 1 waits"),
        "sign_in_many": _("Signed out: {n} wait"),
        "others_one": _("1 entry of another associate waits for their sign-in"),
        "others_many": _("{n} entries of another associate wait for their sign-in"),
        "others_of_one": _("1 entry of {names} waits for their sign-in"),
        "others_of_many": _("{n} entries of {names} wait for their sign-in"),
        "sending": _("Sending what waited"),
        "sent_of": _("{done} of {total}"),
        "not_stored": _("This device can't store scans: keep this page open until they are sent."),
        "waiting_one": _("1 waits"),
        "waiting_many": _("{n} wait"),
        "scan_waits": _("Waits for the connection"),
        "refused": _("Refused"),
        "server_broke": _("The server could not do this. Tell a lead."),
        "advice_stuck": _("Try again, or leave it out: what follows of this work waits."),
        "waits_behind": _("Waits behind what the server could not do"),
        "waits_behind_detail": _("Try it again or leave it out: it stands in the list."),
        "advice_gone": _("This task is gone. Put the unit back where it came from."),
        "advice_look": _("Look at the list, then put the unit back or scan it again."),
        "live": _("Live"),
        "connecting": _("Connecting"),
        "polling": _("Checked {time}, every {n} s"),
        "stale": _("Stale since {time}"),
        "pin_offline": _("No connection: the PIN can't be checked yet."),
        "pin_failed": _("The server does not answer. Try again."),
        "scan_kept": _("Scan kept. Sign in, then it follows."),
        "show_keyboard": _("Show keyboard"),
        "hide_keyboard": _("Hide keyboard"),
        "open_camera": _("Scan with the camera"),
        "close_camera": _("Close the camera"),
        "camera_refused": _("Camera not allowed"),
        "camera_fails": _("The camera does not answer"),
        "camera_otherwise": _("Use the scanner, or type the code with the keyboard button."),
    }
