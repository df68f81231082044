from django.urls import path

from picking.views import board, breaks, colleagues, device, floor_plan, plan, release, shortages, walk

app_name = "picking"
urlpatterns = [
    # Before the others: every address that is tried first costs each scan a little.
    path("<int:pk>/scan/", walk.scan_code, name="scan"),
    path("board/", board.show, name="board"),
    path("board/part/", board.board, name="board_part"),
    path("board/release/", release.show_or_release, name="release"),
    path("board/plan/", plan.plan, name="plan"),
    path("board/<int:pk>/", board.show_list, name="manage"),
    path("board/<int:pk>/take-over/", board.take_over, name="take_over"),
    path("board/<int:pk>/assign/", board.assign, name="assign"),
    path("board/<int:pk>/lay-down/", board.lay_down, name="lay_down"),
    path("board/<int:pk>/take-back/", board.to_pool, name="to_pool"),
    path("next/", breaks.following, name="next"),
    path("<int:pk>/pause/", breaks.pause, name="pause"),
    path("<int:pk>/resume/", breaks.resume, name="resume"),
    path("device/", device.show, name="device"),
    path("<int:pk>/", walk.show, name="walk"),
    path("<int:pk>/start/", walk.start, name="start"),
    path("<int:pk>/quantity/", walk.enter_quantity, name="quantity"),
    path("<int:pk>/short/", shortages.mark_short, name="short"),
    path("<int:pk>/instead/", shortages.take_instead, name="instead"),
    path("<int:pk>/leave-out/", shortages.leave_out, name="leave_out"),
    path("<int:pk>/undo/", walk.undo, name="undo"),
    path("<int:pk>/finish/", walk.finish, name="finish"),
    path("<int:pk>/colleagues/", colleagues.choose, name="colleagues"),
    path("<int:pk>/pass-on/", colleagues.pass_on, name="pass_on"),
    path("floor/", floor_plan.show, name="floor_plan"),
    path("floor/start/", floor_plan.start, name="floor_start"),
    path("floor/aisles/", floor_plan.new_aisle, name="floor_aisles"),
    path("floor/aisles/<int:pk>/", floor_plan.aisle, name="floor_aisle"),
    path("floor/aisles/<int:pk>/remove/", floor_plan.remove, name="floor_aisle_remove"),
    path("floor/bins/<int:pk>/", floor_plan.bin_place, name="floor_bin"),
    path("floor/upload/", floor_plan.upload, name="floor_upload"),
    path("floor/bins.csv", floor_plan.as_csv, name="floor_csv"),
]
