"""The forms that were sent and done, so that none is done again."""

from __future__ import annotations

from django.db import models

from market.accounts.models import Person


class DoneForm(models.Model):
    """A form whose act was done: what was in it, as a digest only, and the page that the person was led to."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    led_to = models.CharField(max_length=400)
    done_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="done_form_once")]

    def __str__(self) -> str:
        return self.key
