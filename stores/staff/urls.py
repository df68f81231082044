from django.urls import path

from stores.staff.views import associates, devices, enrol, language, session, sign_in

app_name = "staff"
urlpatterns = [
    path("sign-in/", sign_in.page, name="sign_in"),
    path("sign-in/again", session.again, name="sign_in_again"),
    path("sign-in/lock", session.lock, name="lock"),
    path("sign-out", session.sign_out, name="sign_out"),
    path("language/", language.choose, name="language"),
    path("enrol/", enrol.enter_code, name="enter_code"),
    path("enrol/<str:code>/", enrol.enrol, name="enrol"),
    path("devices/", devices.page, name="devices"),
    path("devices/code/", devices.make_code, name="make_code"),
    path("devices/<int:pk>/revoke/", devices.revoke, name="revoke_device"),
    path("associates/", associates.page, name="associates"),
    path("associates/<int:pk>/pin/", associates.new_pin, name="set_pin"),
    path("associates/<int:pk>/disable/", associates.disable, name="disable_associate"),
]
