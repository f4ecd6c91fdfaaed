"""What was each person told, and in which language do they want to be told?"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Letter(models.Model):
    """What a person is told of one event; it waits until a mail server has taken it."""

    event = models.BigIntegerField(help_text="Primary key of the event in the log")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    next_step = models.TextField(blank=True)
    address = models.CharField(max_length=300, help_text="Path of the page to look at")
    written_at = models.DateTimeField()
    # Whoever sends it keeps others away until then; a worker that died is thus overtaken.
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # On the site: whoever was shown the list of letters has seen those on it.
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="one_letter_per_event_and_person")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(sent_at__isnull=True), name="letters_to_send"),
            models.Index(fields=["person"], condition=models.Q(seen_at__isnull=True), name="letters_unseen"),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.subject


class Preference(models.Model):
    """In which language a person is written to; without one, in the site's first language."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="letter_preference")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)

    def __str__(self) -> str:
        return f"{self.person}: {self.language}"
