from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "market.documents"
    label = "documents"
