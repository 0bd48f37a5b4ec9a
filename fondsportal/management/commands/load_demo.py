from django.core.management.base import BaseCommand

from fondsportal.demo import accounts, announced, decided, events, facts, open_call, selecting


class Command(BaseCommand):
    help = "Charge la démonstration, une fois : faits publics, comptes, appel ouvert, dossiers, réunions et questions."
    requires_system_checks = ()

    def handle(self, **options):
        parts = {
            "faits publics": facts,
            "comptes": accounts,
            "appel fictif ouvert et ses dossiers": open_call,
            "annonce fictive": announced,
            "appel fictif en cours de sélection": selecting,
            "appel fictif décidé, ses lettres, son annonce en préparation": decided,
            "réunions et questions": events,
        }
        for label, part in parts.items():
            if not part.are_loaded():
                part.load()
                self.stdout.write(f"Démonstration : {label}.")
