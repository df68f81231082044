from django.urls import path

from stores.printing.views import jobs, printed

app_name = "printing"
urlpatterns = [
    path("print-jobs/", jobs.show_list, name="jobs"),
    path("print-jobs/test/", jobs.print_test, name="test"),
    path("print-jobs/<int:pk>/", jobs.show, name="job"),
    path("print-jobs/<int:pk>/answer/", jobs.answer, name="answer"),
    path("print-jobs/<int:pk>/reprint/", jobs.print_again, name="reprint"),
    path("print-jobs/<int:pk>/try/", jobs.try_again, name="try"),
    path("printed/", printed.show, name="printed"),
    path("printed/<slug:name>.png", printed.picture, name="picture"),
]
