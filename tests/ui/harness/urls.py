from django.urls import include, path

from tests.ui.harness import boards, views

staff = [
    path("sign-in/again", views.sign_in_again, name="sign_in_again"),
    path("sign-in/lock", views.sign_in_lock, name="lock"),
    path("sign-out", views.sign_in_lock, name="sign_out"),
]

urlpatterns = [
    path("control", views.control),
    path("pick", views.pick),
    path("pick/<int:task>", views.pick),
    path("pick/<int:task>/scan", views.scan),
    path("undo", views.undo),
    path("quantity", views.quantity),
    path("", include((staff, "staff"))),
    path("home", views.home),
    path("board", boards.board),
    path("board/fragment", boards.fragment),
    path("claim", boards.claim),
    path("live/board", boards.live),
    path("customer", views.customer),
    path("show/<slug:name>", views.page),
]
