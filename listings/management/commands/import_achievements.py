"""`manage.py import_achievements FILE`: a university's own list, all of it or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from tqdm import tqdm

from listings.actions.achievements import AchievementEntry, import_achievements
from listings.imports import RowError, UnreadableFile, entries_of, read_rows, template_workbook
from market.accounts.models import Organisation, Person
from market.accounts.permissions import actor_of
from market.values.actor import Channel
from market.values.dates import day_of
from market.values.refusal import Refused


class Command(BaseCommand):
    help = "Loads a university's list of achievements (xlsx or csv) as drafts; names each wrong cell and then loads nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--organisation", help="the university's social credit code")
        parser.add_argument("--person", help="the e-mail address of its agent, in whose name the drafts are entered")
        parser.add_argument("--dry-run", action="store_true", help="check everything, load nothing")
        parser.add_argument("--template", type=Path, help="write the empty list to this file instead")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["template"]:
            options["template"].write_bytes(template_workbook().read())
            self.stdout.write(f"Written: {options['template']}")
            return
        if not (options["file"] and options["organisation"] and options["person"]):
            raise CommandError("Name the file, --organisation and --person (or --template).")
        entries = self._entries(options["file"])
        if options["dry_run"]:
            self.stdout.write(f"{len(entries)} rows are right. Nothing was loaded: this was a dry run.")
            return
        self._load(entries, options["organisation"], options["person"])

    def _entries(self, path: Path) -> list[AchievementEntry]:
        try:
            rows = read_rows(path)
        except (UnreadableFile, OSError) as error:
            raise CommandError(str(error)) from error
        entries: list[AchievementEntry] = []
        errors: list[RowError] = []
        checked = entries_of(rows, today=day_of(timezone.now()))
        for _number, entry, found in tqdm(checked, total=len(rows), unit="row", desc="Checking", file=self.stderr):
            errors += found
            if entry is not None:
                entries.append(entry)
        for wrong in errors:
            self.stderr.write(f"row {wrong.row}, {wrong.column}: {wrong.message}")
        if errors:
            raise CommandError(f"{len(errors)} errors in {len({error.row for error in errors})} rows. Nothing was loaded.")
        return entries

    def _load(self, entries: list[AchievementEntry], code: str, email: str) -> None:
        organisation = Organisation.objects.filter(social_credit_code=code).first()
        person = Person.objects.filter(email__iexact=email).first()
        if organisation is None or person is None:
            raise CommandError("There is no such organisation or person.")
        actor = actor_of(person, organisation, channel=Channel.COMMAND)
        progress = tqdm(entries, unit="achievement", desc="Loading", file=self.stderr)
        try:
            loaded = import_achievements(progress, organisation=organisation, actor=actor, now=timezone.now())
        except Refused as refused:
            raise CommandError(f"Refused: {refused}. Nothing was loaded.") from refused
        self.stdout.write(f"{len(loaded)} achievements loaded as drafts of {organisation}.")
