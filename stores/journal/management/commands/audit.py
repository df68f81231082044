"""`manage.py audit`: every invariant as SQL, and the seals. Exits 1 when anything is wrong."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from stores.journal.actions.seal import broken_seals
from stores.journal.audit import find_defects, registered


class Command(BaseCommand):
    help = "Checks every invariant of the record; prints each defect and exits 1 when there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        defects = list(find_defects())
        for defect in defects:
            where = ", ".join(f"{column}={value}" for column, value in defect.where.items())
            self.stdout.write(f"{defect.invariant}: {where}")
        seals = broken_seals()
        for seal in seals:
            self.stdout.write(f"{seal.table}: seal {seal.seal} does not fit what it covers")
        if defects or seals:
            sys.exit(1)
        self.stdout.write(f"{len(registered())} invariants hold, all seals verify.")
