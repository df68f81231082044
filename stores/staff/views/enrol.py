"""A device is let in with a manager's code."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from stores.refusals import Refusal
from stores.staff.access import public
from stores.staff.actions.devices import NAME_LENGTH_MAX, enrol_device
from stores.staff.errors import CodeNotValid
from stores.staff.http import SeenRequest
from stores.staff.queries.enrolment import read_enrolment_code, suggested_name, valid_code
from stores.staff.views.cookies import device_of, keep_device


@require_POST
@never_cache
@public
def enter_code(request: SeenRequest) -> HttpResponse:
    """The code as typed, or the whole address as scanned from the manager's screen."""
    code = read_enrolment_code(request.POST.get("code", ""))
    if not code:
        return _not_valid(request, CodeNotValid())
    return HttpResponseRedirect(reverse("staff:enrol", args=[code]), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def enrol(request: SeenRequest, code: str) -> HttpResponse:
    enrolment = valid_code(code)
    already = device_of(request)
    if already is not None and (enrolment is None or enrolment.store_id == already.store_id):
        # The second tap on the button, or a link opened twice: this device is in.
        return HttpResponseRedirect(reverse("staff:sign_in"), status=303)
    if enrolment is None:
        return _not_valid(request, CodeNotValid())
    refusal, name = None, suggested_name(enrolment.store)
    if request.method == "POST":
        name = request.POST.get("name", "")
        try:
            enrolled = enrol_device(code=code, name=name)
        except CodeNotValid as error:
            return _not_valid(request, error)
        except Refusal as error:
            refusal = error
        else:
            response = HttpResponseRedirect(reverse("staff:sign_in"), status=303)
            keep_device(response, enrolled.token)
            return response
    context = {"store": enrolment.store, "name": name, "name_length_max": NAME_LENGTH_MAX, "refusal": refusal}
    return render(request, "staff/enrol.html", context, status=refusal.status if refusal else 200)


def _not_valid(request: SeenRequest, refusal: Refusal) -> HttpResponse:
    return render(request, "staff/not_enrolled.html", {"refusal": refusal}, status=422)
