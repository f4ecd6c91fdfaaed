from django.urls import URLPattern

app_name = "brokers"
urlpatterns: list[URLPattern] = []
