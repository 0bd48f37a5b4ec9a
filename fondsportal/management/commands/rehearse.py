from django.core.management.base import BaseCommand, CommandError

from fondsportal.demo.rehearsal import checks, report
from fondsportal.demo.rehearsal.announcing import WorkerFailed
from fondsportal.demo.rehearsal.cast import LARGEST, REAL_SIZE
from fondsportal.demo.rehearsal.play import await_documents, play


class Command(BaseCommand):
    help = "Joue le premier appel du FTAP, de la publication à l’annonce, par les actions des pages, et vérifie tout."

    def add_arguments(self, parser):
        parser.add_argument(
            "--size", type=int, default=REAL_SIZE, help="nombre de dossiers (122, la taille réelle)"
        )
        parser.add_argument(
            "--seed", type=int, default=2018, help="graine : la même donne la même répétition"
        )
        parser.add_argument("--quiet", action="store_true", help="ne montre que le tableau final")

    def handle(self, *, size, seed, quiet, **options):
        if not 1 <= size <= LARGEST:
            raise CommandError(f"La taille est comprise entre 1 et {LARGEST} dossiers.")
        progress = report.Progress(self.stdout, quiet=quiet)
        try:
            played = play(size, seed, progress)
            await_documents(played, progress)
        except WorkerFailed as failure:
            raise CommandError(str(failure)) from failure
        with progress.stage("Vérifications en SQL") as stage:
            found = checks.run(played)
            stage.step(len(found))
        self.stdout.write(
            f"\nRépétition de {size} dossiers, graine {seed}, fonds {played.setting.fund.code}\n\n"
        )
        self.stdout.write("\n".join(report.table(progress.stages)) + "\n\n")
        failed = [check for check in found if not check.holds]
        for check in found:
            mark = self.style.SUCCESS("juste") if check.holds else self.style.ERROR("FAUX ")
            self.stdout.write(f"  {mark}  {check.label}")
            if not check.holds:
                self.stdout.write(f"         attendu : {check.expected}\n         trouvé :  {check.found}")
        if failed:
            raise CommandError(f"{len(failed)} vérification(s) sur {len(found)} ne tombent pas juste.")
        self.stdout.write(self.style.SUCCESS(f"\n{len(found)} vérifications sur {len(found)} tombent juste."))
