from django.urls import path

from stores.stock.views import ask_count, channels, count, items, task, tasks

app_name = "stock"
urlpatterns = [
    path("stock/<int:pk>/scan/", task.scan, name="scan_task"),
    path("stock/<int:pk>/", task.show, name="task"),
    path("stock/<int:pk>/quantity/", task.enter_quantity, name="task_quantity"),
    path("stock/<int:pk>/put-back/", task.lay_back, name="task_put_back"),
    path("stock/<int:pk>/undo/", task.undo, name="task_undo"),
    path("stock/<int:pk>/done/", task.done, name="task_done"),
    path("stock/", tasks.menu, name="tasks"),
    path("stock/start/", tasks.start, name="start_task"),
    path("count/<int:pk>/", count.show, name="count"),
    path("count/<int:pk>/scan/", count.scan, name="scan_count"),
    path("count/<int:pk>/answer/", count.answer, name="answer_count"),
    path("channels/", channels.show, name="channels"),
    path("channels/add/", channels.add, name="add_channel"),
    path("channels/<slug:code>/change/", channels.change, name="change_channel"),
    path("items/", items.search, name="items"),
    path("items/scan/", items.scan, name="scan"),
    path("items/<int:pk>/", items.show, name="item"),
    path("items/<int:pk>/moves/", items.moves, name="item_moves"),
    path("items/<int:pk>/count/", ask_count.show, name="to_count"),
    path("items/<int:pk>/count/ask/", ask_count.ask, name="ask_count"),
    path("items/<int:pk>/reserved/", items.reserved, name="item_reserved"),
    path("items/<int:pk>/elsewhere/", items.elsewhere, name="item_elsewhere"),
]
