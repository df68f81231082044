from django.urls import path

from picking.views import put_back

app_name = "put_back"
urlpatterns = [
    path("", put_back.show, name="all"),
    path("scan/", put_back.find, name="find"),
    path("undo/", put_back.undo, name="undo"),
    path("<int:pk>/", put_back.take, name="take"),
    path("<int:pk>/scan/", put_back.check_item, name="check"),
    path("<int:pk>/to/", put_back.shelf, name="shelf"),
    path("<int:pk>/put/", put_back.put, name="put"),
]
