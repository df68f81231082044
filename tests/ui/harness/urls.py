from django.urls import include, path

from stores.handheld.nav import Group, NavItem, register
from tests.ui.harness import boards, views

staff = [
    path("sign-in/", views.page, {"name": "sign_in"}, name="sign_in"),
    path("sign-in/again", views.sign_in_again, name="sign_in_again"),
    path("sign-in/lock", views.sign_in_lock, name="lock"),
    path("sign-out", views.sign_in_lock, name="sign_out"),
]

handheld = [
    path("offline/", views.offline, name="offline"),
    path("service-worker.js", views.service_worker, name="service_worker"),
]

urlpatterns = [
    path("control", views.control, name="control"),
    path("pick", views.pick, name="pick"),
    path("pick/<int:task>", views.pick),
    path("pick/<int:task>/scan", views.scan),
    path("health/ready", views.ready),
    path("undo", views.undo, name="undo"),
    path("quantity", views.quantity, name="quantity"),
    path("", include((staff, "staff"))),
    path("", include((handheld, "handheld"))),
    path("home", views.home, name="home"),
    path("board", boards.board, name="board"),
    path("board/fragment", boards.fragment),
    path("claim", boards.claim, name="claim"),
    path("live/board", boards.live, name="live"),
    path("customer", views.customer, name="customer"),
    path("show/<slug:name>", views.page),
]

# As many entries as a manager has.
for order, (label, name, group) in enumerate(
    [
        ("Counter", "board", Group.WORK),
        ("Stage", "home", Group.WORK),
        ("Hand over", "undo", Group.WORK),
        ("Exceptions", "quantity", Group.WORK),
        ("Items", "customer", Group.STOCK),
        ("Labels", "claim", Group.SYSTEMS),
        ("Printed labels", "control", Group.SYSTEMS),
        ("Associates", "pick", Group.TEAM),
        ("Devices", "live", Group.TEAM),
    ]
):
    register(NavItem(label, name, "list", least_role=1, order=order, group=group))
