from django.core.management.base import BaseCommand, CommandError

from journal import actions
from journal.models import Seal


class Command(BaseCommand):
    help = "Recalcule la chaîne du journal et désigne la première écriture altérée."

    def handle(self, **options):
        previous, count = actions.GENESIS, 0
        seals = Seal.objects.select_related("entry", "entry__details").order_by("id")
        for seal in seals.iterator(chunk_size=2000):
            entry = seal.entry
            if seal.previous_sha256 != previous or seal.sha256 != actions.link_hash(previous, entry):
                raise CommandError(f"La chaîne est rompue à l'écriture {entry.pk} ({entry.event}).")
            details = getattr(entry, "details", None)
            if details and actions.details_hash(details.salt, details.content) != entry.details_sha256:
                raise CommandError(f"Les détails de l'écriture {entry.pk} ({entry.event}) ont été altérés.")
            previous, count = seal.sha256, count + 1
        self.stdout.write(self.style.SUCCESS(f"{count} écritures vérifiées : la chaîne est intacte."))
