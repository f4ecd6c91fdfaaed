"""The addresses of uploaded files."""

from django.urls import path

from market.documents.views import download_document

app_name = "documents"

urlpatterns = [path("<slug:key>/", download_document, name="download_document")]
