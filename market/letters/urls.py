from django.urls import path

from market.letters import views

app_name = "letters"
urlpatterns = [path("", views.letters, name="letters")]
