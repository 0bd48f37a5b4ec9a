from django.conf import settings
from django.core.management.base import BaseCommand

from fondsportal.demo.accounts import ACCOUNTS


class Command(BaseCommand):
    help = "Affiche les comptes de la démonstration."
    requires_system_checks = ()

    def handle(self, **options):
        head = ("Rôle", "Adresse", "Mot de passe")
        rows = [(account.role, account.email, settings.DEMO_PASSWORD) for account in ACCOUNTS]
        widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
        for row in (head, tuple("─" * width for width in widths), *rows):
            self.stdout.write(
                "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
            )
