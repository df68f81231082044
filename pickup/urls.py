from django.urls import path

from pickup.views import counter, customer, device, find, handover, identity, refuse, stage, stage_tote

app_name = "pickup"
urlpatterns = [
    path("stage/", stage.show, name="stage"),
    path("stage/scan/", stage.scan, name="stage_scan"),
    path("stage/undo/", stage.undo, name="stage_undo"),
    path("stage/device/", device.show, name="stage_device"),
    path("stage/pair/", device.pair, name="stage_pair"),
    path("stage/<int:pk>/", stage_tote.show, name="stage_tote"),
    path("stage/<int:pk>/scan/", stage_tote.scan, name="stage_tote_scan"),
    path("counter/", counter.show, name="counter"),
    path("counter/board/", counter.board, name="board"),
    path("counter/<int:pk>/claim/", counter.claim, name="board_claim"),
    path("counter/<int:pk>/here/", counter.here, name="board_here"),
    path("counter/find/", find.show, name="find"),
    path("counter/find/<int:pk>/here/", find.here, name="find_here"),
    path("handover/", handover.start, name="handover_start"),
    path("handover/scan/", handover.find, name="handover_find"),
    path("handover/<int:pk>/", handover.show, name="handover"),
    path("handover/<int:pk>/claim/", handover.claim, name="handover_claim"),
    path("handover/<int:pk>/take-over/", handover.take_over, name="handover_take_over"),
    path("handover/<int:pk>/scan/", handover.scan, name="handover_scan"),
    path("handover/<int:pk>/age/", handover.age, name="handover_age"),
    path("handover/<int:pk>/refuse/", refuse.refuse, name="handover_refuse"),
    path("handover/<int:pk>/underage/", refuse.underage, name="handover_underage"),
    path("handover/<int:pk>/done/", handover.finish, name="handover_finish"),
    path("handover/<int:pk>/lead/", identity.show, name="handover_lead"),
    path("handover/<int:pk>/lead/vouch/", identity.vouch, name="handover_vouch"),
    path("c/<str:signed>/", customer.show, name="customer"),
    path("c/<str:signed>/state/", customer.state, name="customer_state"),
    path("c/<str:signed>/on-my-way/", customer.on_my_way, name="customer_on_my_way"),
    path("c/<str:signed>/here/", customer.here, name="customer_here"),
]
