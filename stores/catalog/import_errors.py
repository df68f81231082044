"""Why files of items are not taken, as a whole."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class NoFiles(Refusal):
    code = "no_files"
    title = _("Choose at least one file")
    status = 422


class TooManyFiles(Refusal):
    """Facts: most."""

    code = "too_many_files"
    title = _("Too many files at once")
    advice = _("At most {most}.")
    status = 422


class FileTooLarge(Refusal):
    """Facts: name, megabytes (the most)."""

    code = "file_too_large"
    title = _("{name} is too large")
    advice = _("At most {megabytes} MB; cut it in two.")
    status = 422


class FileUnreadable(Refusal):
    """Facts: name, problem (in words)."""

    code = "file_unreadable"
    title = _("{name} cannot be read")
    advice = "{problem}"
    status = 422


class NoSystem(Refusal):
    code = "no_system"
    title = _("Say which system the files come from")
    status = 422


class CannotRunAgain(Refusal):
    code = "cannot_run_again"
    title = _("This import does not wait for another try")
