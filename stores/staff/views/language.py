"""Everybody reads in their own language."""

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stores.staff.access import role_required
from stores.staff.actions.set_language import set_language
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.staff.views.told import act_and_tell


@require_POST
@role_required(Role.ASSOCIATE)
def choose(request: StoreRequest) -> HttpResponse:
    def act() -> str:
        language = request.POST.get("language", "")
        set_language(associate=request.user, language=language, store=request.store, device=request.device)
        with translation.override(language):
            return _("Storehand speaks English to you.")

    return act_and_tell(request, act=act, then="/")
