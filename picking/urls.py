from django.urls import path

from picking.views import colleagues, walk

app_name = "picking"
urlpatterns = [
    path("<int:pk>/", walk.show, name="walk"),
    path("<int:pk>/start/", walk.start, name="start"),
    path("<int:pk>/scan/", walk.scan_code, name="scan"),
    path("<int:pk>/quantity/", walk.enter_quantity, name="quantity"),
    path("<int:pk>/short/", walk.mark_short, name="short"),
    path("<int:pk>/undo/", walk.undo, name="undo"),
    path("<int:pk>/finish/", walk.finish, name="finish"),
    path("<int:pk>/colleagues/", colleagues.choose, name="colleagues"),
    path("<int:pk>/pass-on/", colleagues.pass_on, name="pass_on"),
]
