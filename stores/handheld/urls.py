from django.urls import path

from stores.handheld.home import home

app_name = "handheld"
urlpatterns = [path("", home, name="home")]
