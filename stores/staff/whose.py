"""Whose session an answer was made in, so that a device can tell our answers from those of whatever stands between.

A hotspot's sign-in page, a proxy's error page and a cached copy carry no such header: what waits on the device counts
only what does as a judgement. A post that names its maker is refused in the session of somebody else.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

HEADER = "Storehand-Who"
NOBODY = "nobody"


def meant_for_another(request: HttpRequest, who: str) -> HttpResponse | None:
    """The refusal of a request that was made by another associate than `who`; None where it may go on.

    Without a session it may: then the view asks for one.
    """
    maker = request.headers.get(HEADER, who)
    if who in (NOBODY, maker):
        return None
    return HttpResponse(_("Somebody else is signed in"), status=403, content_type="text/plain; charset=utf-8")


def say_whose(response: HttpResponseBase, who: str) -> HttpResponseBase:
    response.headers[HEADER] = who
    return response
