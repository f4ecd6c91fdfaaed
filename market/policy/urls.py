from django.urls import path

from market.policy import views

app_name = "policy"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("figures/<str:code>/", views.show_figure, name="figure"),
    path("figures/<str:code>/propose/", views.propose, name="propose_row"),
    path("rows/<int:pk>/", views.show_row, name="row"),
    path("rows/<int:pk>/approve/", views.approve, name="approve_row"),
    path("rows/<int:pk>/reject/", views.reject, name="reject_row"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/announce/", views.announce, name="announce_year"),
    path("calendar/<int:year>/", views.show_year, name="year"),
    path("calendar/<int:year>/add/", views.add_day, name="add_day"),
]
