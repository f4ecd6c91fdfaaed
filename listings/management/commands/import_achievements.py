"""`manage.py import_achievements FILE`: a university's own list, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from listings.actions.achievements import AchievementEntry, import_achievements
from listings.imports.reading import checked_rows, read_rows
from listings.imports.workbooks import template_workbook
from listings.queries.achievements import titles_of
from market.accounts.models import Organisation, Person
from market.accounts.permissions import actor_of
from market.lists.reading import RowError, UnreadableFile
from market.refusals import sentence
from market.values.actor import Channel
from market.values.dates import day_of
from market.values.refusal import Refused


class Command(BaseCommand):
    help = "Loads a university's list of achievements (xlsx or csv) as drafts; names each wrong cell and then loads nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--organisation", help="the university's social credit code")
        parser.add_argument("--person", help="the email address of its agent, in whose name the drafts are entered")
        parser.add_argument("--dry-run", action="store_true", help="check everything, load nothing")
        parser.add_argument("--template", type=Path, help="write the empty list to this file instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            options["template"].write_bytes(template_workbook().read())
            self.stdout.write(f"Written: {options['template']}")
            return
        if not (options["file"] and options["organisation"] and options["person"]):
            raise CommandError("Name the file, --organisation and --person (or --template).")
        organisation = Organisation.objects.filter(social_credit_code=options["organisation"].strip().upper()).first()
        person = Person.objects.filter(email__iexact=options["person"].strip()).first()
        if organisation is None or person is None:
            raise CommandError("There is no such organisation or person.")
        entries = self._entries(options["file"], organisation)
        if options["dry_run"]:
            self.stdout.write(f"{len(entries)} rows are right. Nothing was loaded: this was a dry run.")
            return
        self._load(entries, organisation, person)

    def _entries(self, path: Path, organisation: Organisation) -> list[AchievementEntry]:
        try:
            rows = read_rows(path.name, path.read_bytes())
        except (UnreadableFile, OSError) as error:
            raise CommandError(str(error)) from error
        entries: list[AchievementEntry] = []
        errors: list[RowError] = []
        checked = checked_rows(rows, today=day_of(timezone.now()), taken=titles_of(organisation))
        for row in tqdm(checked, total=len(rows), unit="row", desc="Checking", file=self.stderr):
            errors += row.errors
            if row.entry is not None:
                entries.append(row.entry)
        for wrong in errors:
            self.stderr.write(f"row {wrong.row}, {wrong.column}: {wrong.message}")
        if errors:
            raise CommandError(f"{len(errors)} errors in {len({error.row for error in errors})} rows. Nothing was loaded.")
        return entries

    def _load(self, entries: list[AchievementEntry], organisation: Organisation, person: Person) -> None:
        actor = actor_of(person, organisation, channel=Channel.COMMAND)
        progress = tqdm(entries, unit="achievement", desc="Loading", file=self.stderr)
        try:
            loaded = import_achievements(progress, organisation=organisation, actor=actor, now=timezone.now())
        except Refused as refused:
            words = " ".join(sentence(refusal) for refusal in refused.refusals)
            raise CommandError(f"Refused: {words} Nothing was loaded.") from refused
        self.stdout.write(f"{len(loaded)} achievements loaded as drafts of {organisation}.")
