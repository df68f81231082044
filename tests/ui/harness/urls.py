from django.urls import path

from tests.ui.harness import views

urlpatterns = [
    path("control", views.control),
    path("pick", views.pick),
    path("pick/<int:task>", views.pick),
    path("pick/<int:task>/scan", views.scan),
    path("undo", views.undo),
    path("quantity", views.quantity),
    path("sign-in/again", views.sign_in_again),
    path("sign-in/lock", views.sign_in_lock),
    path("home", views.home),
    path("board", views.board),
    path("board/fragment", views.board_fragment),
    path("claim", views.claim),
    path("live/board", views.live),
    path("customer", views.customer),
    path("show/<slug:name>", views.page),
]
