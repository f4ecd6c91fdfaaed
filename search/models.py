"""What does the embedded engine know of each entry? Its facts; the words stand in the FTS5 table beside it, under the same key."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """The facts of one document, to filter, count and sort by. Empty while another engine is in use."""

    kind = models.CharField(max_length=20)
    pk_of_kind = models.BigIntegerField()
    industry = models.CharField(max_length=20, blank=True)
    maturity = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20, blank=True)
    is_running = models.BooleanField()
    published = models.BigIntegerField()
    price = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "pk_of_kind"], name="one_entry_per_object")]
        indexes = [models.Index(fields=["kind", "-is_running", "-published"], name="entry_newest")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.pk_of_kind}"
