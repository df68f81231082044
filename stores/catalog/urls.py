"""The item master's pages, all below `catalog/`."""

from django.urls import path

from stores.catalog.views import (
    bulk,
    codes,
    exports,
    groups,
    history,
    imports,
    item,
    item_forms,
    items,
    owners,
    picture,
    requests,
)

app_name = "catalog"
urlpatterns = [
    path("items/", items.show, name="items"),
    path("items/add/", item_forms.add, name="add"),
    path("items/bulk/fields/", bulk.fields, name="bulk_fields"),
    path("items/bulk/state/", bulk.state, name="bulk_state"),
    path("items/<int:pk>/", item.show, name="item"),
    path("items/<int:pk>/edit/", item_forms.edit, name="edit"),
    path("items/<int:pk>/state/", item.state, name="state"),
    path("items/<int:pk>/barcodes/", codes.barcode, name="add_barcode"),
    path("items/<int:pk>/aliases/", codes.alias, name="add_alias"),
    path("items/<int:pk>/picture/", picture.upload, name="upload_picture"),
    path("items/<int:pk>/picture/remove/", picture.remove, name="remove_picture"),
    path("items/<int:pk>/history/", history.show, name="history"),
    path("items/<int:pk>/photo/", picture.photo, name="photo"),
    path("pictures/<slug:sha256>.webp", picture.show, name="picture"),
    path("categories/", groups.categories, name="categories"),
    path("styles/", groups.styles, name="styles"),
    path("styles/<int:pk>/", groups.style, name="style"),
    path("requests/", requests.board, name="requests"),
    path("requests/<int:pk>/", requests.show, name="request"),
    path("requests/<int:pk>/approve/", requests.approve, name="approve"),
    path("requests/<int:pk>/refuse/", requests.refuse, name="refuse"),
    path("requests/<int:pk>/withdraw/", requests.withdraw, name="withdraw"),
    path("imports/", imports.show_list, name="imports"),
    path("imports/<int:pk>/", imports.show, name="import"),
    path("imports/<int:pk>/again/", imports.again, name="import_again"),
    path("export/", exports.show, name="export"),
    path("export/items.csv", exports.as_csv, name="export_csv"),
    path("export/items.xlsx", exports.as_xlsx, name="export_xlsx"),
    path("owners/", owners.show, name="owners"),
    path("owners/<slug:field>/", owners.change, name="set_owner"),
]
