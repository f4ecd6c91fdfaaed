"""What happened? The append-only log, the head of each subject's chain, how far each reader has read, and what needs attention."""

from django.db import models


class Event(models.Model):
    """Something that happened to a subject. Rows are only ever added."""

    # With `transaction`, the order in which readers see events; see `queries.unread`.
    transaction = models.BigIntegerField(default=0, editable=False)
    subject = models.CharField(max_length=80, help_text="Kind and key of the object, such as listing:K7Q2…")
    sequence = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    person = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    on_behalf_of = models.BigIntegerField(null=True)
    channel = models.CharField(max_length=10)
    payload = models.JSONField(default=dict)
    # Personal data may be erased (set to null); the salted commitment stays in the chain.
    personal = models.JSONField(null=True)
    personal_salt = models.CharField(max_length=32, blank=True)
    personal_digest = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "sequence"], name="one_event_per_sequence")]
        indexes = [models.Index(fields=["transaction", "id"], name="event_reading_order")]

    def __str__(self) -> str:
        return f"{self.subject} #{self.sequence} {self.name}"


class Head(models.Model):
    """The last event of a subject: the row that is locked to add the next, and the witness against a cut tail."""

    subject = models.CharField(max_length=80, primary_key=True)
    sequence = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.subject} #{self.sequence}"


class Position(models.Model):
    """How far a reader of the log has come."""

    reader = models.CharField(max_length=80, primary_key=True)
    transaction = models.BigIntegerField(default=0)
    event = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    retry_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.reader} at {self.transaction}/{self.event}"


class Trouble(models.Model):
    """One thing with which the worker could not do its work: it is tried again, and stands here until that succeeds."""

    work = models.CharField(max_length=80, help_text="Name of the sweep or reader, such as listings.close_due_notices")
    key = models.BigIntegerField(help_text="Primary key of the thing in the table that the work is about")
    label = models.CharField(max_length=200)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    since = models.DateTimeField()
    retry_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["work", "key"], name="one_trouble_per_work_and_thing")]
        ordering = ["since", "pk"]

    def __str__(self) -> str:
        return f"{self.work} {self.label}"


class WorkerSign(models.Model):
    """A worker's last sign of life."""

    worker = models.CharField(max_length=120, primary_key=True, help_text="Machine and process")
    # By the database's clock, and by the worker's own at the same moment.
    seen_at = models.DateTimeField()
    clock = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.worker} {self.seen_at}"
