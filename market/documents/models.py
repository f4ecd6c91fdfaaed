"""Which files were uploaded? Each stands under a random name outside the media folder, with what was found in it."""

from typing import Any

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from market.documents.states import DocumentState
from market.keys import KeyField


def document_storage() -> Storage:
    return storages["documents"]


class StoredFile(models.FileField):
    """A file in the documents' own storage; for migrations a plain FileField, so that they need not import the market's code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"storage": document_storage})

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, _path, arguments, options = super().deconstruct()
        options.pop("storage")
        return name, "django.db.models.FileField", arguments, options


class Document(models.Model):
    """An uploaded file. Who may read it is decided by the objects that hold it (`registry.py`)."""

    key = KeyField(max_length=24)
    name = models.CharField(_("name"), max_length=200, help_text=_("The name it was uploaded under, without any path."))
    content_type = models.CharField(_("content type"), max_length=100, help_text=_("As found in the content itself."))
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    file = StoredFile()
    state = models.CharField(max_length=20, choices=DocumentState.choices, default=DocumentState.PENDING)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()

    class Meta:
        verbose_name = pgettext_lazy("uploaded file", "document")
        verbose_name_plural = pgettext_lazy("uploaded file", "documents")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("documents:download_document", args=[self.key])

    @property
    def subject(self) -> str:
        return f"document:{self.key}"
