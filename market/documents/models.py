"""Which files were uploaded? Each stands under a random name outside the media folder, with what was found in it."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from market.documents.states import DocumentState


def document_storage() -> Storage:
    return storages["documents"]


def random_key() -> str:
    return get_random_string(24, "23456789abcdefghjkmnpqrstuvwxyz")


class Document(models.Model):
    """An uploaded file. Who may read it is decided by the objects that hold it (`registry.py`)."""

    key = models.CharField(max_length=24, unique=True, default=random_key, editable=False)
    name = models.CharField(_("name"), max_length=200, help_text=_("The name it was uploaded under, without any path."))
    content_type = models.CharField(_("content type"), max_length=100, help_text=_("As found in the content itself."))
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    file = models.FileField(storage=document_storage, max_length=100)
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
