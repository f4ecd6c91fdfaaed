"""`manage.py import_registrations FILE`: a registry's earlier years, all of the list or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contracts.actions.taking_over import TakenEntry, take_over_registrations
from contracts.imports.reading import checked_list
from contracts.imports.workbooks import template_workbook
from market.accounts.models import Organisation, Person
from market.accounts.permissions import actor_of
from market.documents.rules import inspect
from market.lists.reading import RowError, UnreadableFile
from market.refusals import sentence
from market.values.actor import Channel
from market.values.dates import day_of
from market.values.refusal import Refused


class Command(BaseCommand):
    help = "Takes over earlier registrations (xlsx or csv) into the register; names each wrong cell and then takes over nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--registry", help="the social credit code of the registry's bureau")
        parser.add_argument("--person", help="the email address of its registrar, in whose name they are entered")
        parser.add_argument("--dry-run", action="store_true", help="check everything, enter nothing")
        parser.add_argument("--template", type=Path, help="write the empty list to this file instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            options["template"].write_bytes(template_workbook().read())
            self.stdout.write(f"Written: {options['template']}")
            return
        if not (options["file"] and options["registry"] and options["person"]):
            raise CommandError("Name the file, --registry and --person (or --template).")
        registry = Organisation.objects.filter(social_credit_code=options["registry"].strip().upper()).first()
        person = Person.objects.filter(email__iexact=options["person"].strip()).first()
        if registry is None or person is None:
            raise CommandError("There is no such registry or person.")
        entries = self._entries(options["file"])
        if options["dry_run"]:
            self.stdout.write(f"{len(entries)} rows are right. Nothing was taken over: this was a dry run.")
            return
        self._take_over(entries, options["file"].name, registry, person)

    def _entries(self, path: Path) -> list[TakenEntry]:
        try:
            content = path.read_bytes()
            # As with an upload: a bomb is refused before it is unpacked.
            inspected = inspect(path.name, content)
            if isinstance(inspected, list):
                raise CommandError(" ".join(sentence(refusal) for refusal in inspected))
            rows = checked_list(path.name, content, today=day_of(timezone.now()))
        except (UnreadableFile, OSError) as error:
            raise CommandError(str(error)) from error
        errors: list[RowError] = [error for row in rows for error in row.errors]
        for wrong in errors:
            self.stderr.write(f"row {wrong.row}, {wrong.column}: {wrong.message} ({wrong.typed})")
        if errors:
            raise CommandError(f"{len(errors)} errors in {len({error.row for error in errors})} rows. Nothing was taken over.")
        return [row.entry for row in rows if row.entry is not None]

    def _take_over(self, entries: list[TakenEntry], name: str, registry: Organisation, person: Person) -> None:
        actor = actor_of(person, registry, channel=Channel.COMMAND)
        try:
            taken = take_over_registrations(entries, taken_from=name, actor=actor, now=timezone.now())
        except Refused as refused:
            words = " ".join(sentence(refusal) for refusal in refused.refusals)
            raise CommandError(f"Refused: {words} Nothing was taken over.") from refused
        self.stdout.write(f"{len(taken)} registrations taken over.")
