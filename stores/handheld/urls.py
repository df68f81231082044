from django.urls import path

from stores.handheld import offline
from stores.handheld.home import home

app_name = "handheld"
urlpatterns = [
    path("", home, name="home"),
    path("offline/", offline.shell, name="offline"),
    # At the root: a worker stands above the addresses below its own.
    path("service-worker.js", offline.service_worker, name="service_worker"),
]
