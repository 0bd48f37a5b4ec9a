from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organisation, User
from applications import actions, dossier_file, embedded, snapshot
from applications.tables import TABLES
from calls.exchange.archive import Unreadable
from calls.models import Call
from calls.questionnaire.definition import KINDS, sha256
from journal.refusals import Refused

CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], "�")  # a terminal would obey them


class Command(BaseCommand):
    help = (
        "Lit le dossier que porte un PDF, vérifie son empreinte, et le compare au dépôt de ce portail s’il y est."
        " Avec --into, en fait un brouillon."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="le PDF d’un dossier, tel que le portail l’a remis")
        parser.add_argument(
            "--json", type=Path, metavar="SORTIE", help="où écrire le contenu, à l’octet près"
        )
        parser.add_argument(
            "--into", metavar="APPEL", help="le code de l’appel ouvert où en faire un brouillon"
        )
        parser.add_argument("--organisation", metavar="ORGANISME", help="l’organisme porteur du brouillon")
        parser.add_argument("--by", metavar="COURRIEL", help="qui, de cet organisme, commence le brouillon")

    def handle(self, *, file, json, into, organisation, by, **options):
        try:
            found = embedded.read(file)
            lines = list(told(found))
            if json:
                json.write_bytes(found.raw)
        except Unreadable as error:
            raise CommandError(" ".join(error.problems)) from error
        except (AttributeError, KeyError, TypeError) as error:
            raise CommandError("Le contenu joint à ce PDF n’est pas celui d’un dossier.") from error
        except OSError as error:
            raise CommandError(f"{error.filename} : {error.strerror}.") from error
        for label, value in lines:
            self.stdout.write(f"{label} : {value}".translate(CONTROLS))
        submission = found.submission
        if submission and submission.sha256 != found.sha256:
            raise CommandError(
                f"Le dépôt n° {found.revision} de {found.reference} n’est pas celui-là sur ce portail :"
                f" son empreinte y est {submission.sha256}."
            )
        same = "C’est, à l’octet près, le dépôt de ce portail."
        absent = (
            "Le contenu est intact. Ce dépôt n’est pas sur ce portail : rien d’autre n’a pu être comparé."
        )
        self.stdout.write(self.style.SUCCESS(same if submission else absent))
        if into:
            draft = begun(found, into, organisation, by)
            self.stdout.write(f"Brouillon : {draft.get_absolute_url()}")
            self.stdout.write(
                f"Son empreinte, s’il était déposé tel quel : {sha256(snapshot.content(draft))}"
            )


def begun(found, code, slug, email):
    """A draft of an open call, for a body and by one of its people, that says what a PDF carries."""
    try:
        call = Call.objects.get(code=code)
        organisation = Organisation.objects.get(slug=slug)
        by = User.objects.get(email=email)
        content = dossier_file.read(found.exchanged(), by=by)
        return actions.import_dossier(content, call=call, organisation=organisation, by=by)
    except Call.DoesNotExist as error:
        raise CommandError(f"Aucun appel n’a le code « {code} ».") from error
    except Organisation.DoesNotExist as error:
        raise CommandError(f"--organisation : aucun organisme n’a l’identifiant « {slug} ».") from error
    except User.DoesNotExist as error:
        raise CommandError(f"--by : personne n’a l’adresse « {email} ».") from error
    except Unreadable as error:
        raise CommandError(" ".join(error.problems)) from error
    except PermissionDenied as error:
        raise CommandError(f"{email} ne peut pas candidater pour cet organisme.") from error
    except Refused as error:
        raise CommandError(str(error)) from error
    except (AttributeError, KeyError, TypeError) as error:
        raise CommandError("Le contenu joint à ce PDF n’est pas celui d’un dossier.") from error


def told(found):
    """(label, value) of what a dossier is and holds."""
    content = found.content
    answers = [answer for section in content["sections"] for answer in section.get("answers", [])]
    yield "Référence", found.reference
    yield "Dépôt", f"n° {found.revision}"
    yield "Empreinte SHA-256", found.sha256
    yield "Projet", content.get("title")
    yield "Porteur", content.get("organisation", {}).get("name")
    yield "Appel", "{code}, {title}".format(**content.get("call", {}))
    yield "Réponses", f"{sum(bool(answer['text']) for answer in answers)} sur {len(answers)} questions"
    for kind in TABLES:
        if content.get(kind):
            yield KINDS[kind], f"{len(content[kind])} lignes"
    for each in content.get("attachments", []):
        yield "Pièce jointe", f"{each['name']} ({each['size']} octets, SHA-256 {each['sha256']})"
