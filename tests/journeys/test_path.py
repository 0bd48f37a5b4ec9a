"""The first call, from its preparation to the announcement of its laureate, walked by seven people."""

import io
import re
from datetime import timedelta
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Organisation
from selection.models import Announcement, Committee
from tests import factories

CRITERIA = [
    ("Gains économiques", "40", "Économies nettes au bout de trois ans, rapportées à la subvention."),
    ("Qualité du service", "30", "Ce qui change pour les usagers et pour les agents."),
    ("Caractère stratégique et novateur", "20", "Cohérence avec la transformation publique."),
    ("Gouvernance et équipe", "10", "Pilotage, compétences, risques."),
]
SECTIONS = [
    {
        "Résumé du projet": "Un guichet unique pour les démarches des communes littorales.",
        "Description détaillée": "Aujourd’hui, sept formulaires.\n\n- un seul dossier ;\n- une réponse en dix jours.",
        "Calendrier de réalisation": "De janvier 2019 à décembre 2020, en trois étapes.",
    },
    {
        "Amélioration du service rendu": "1 200 communes, un délai divisé par trois.",
        "Modernisation des conditions de travail": "Fin de la ressaisie pour 340 agents, deux jours de formation.",
    },
    {
        "Cohérence avec la transformation publique": "Programme de dématérialisation des démarches.",
        "Caractère novateur": "Un référentiel réutilisable par d’autres administrations.",
    },
    {
        "Pilotage du projet": "Un comité mensuel, une directrice de projet à plein temps.",
        "Équipe et compétences": "Huit agents, dont trois développeurs.",
    },
]


@pytest.fixture
def people():
    """A fund with its secretariat, its committee and its year's money; a body that will apply."""
    fund = factories.FundFactory(
        slug="ftap", code="FTAP", name="Fonds pour la transformation de l’action publique"
    )
    factories.EnvelopeFactory(fund=fund, year=2018, commitments=Decimal("10000000"))
    factories.ThemeFactory(slug="numerique", label="Transformation numérique")
    factories.ThemeFactory(slug="rh", label="Ressources humaines")
    committee = Committee.objects.create(fund=fund, name="Comité de pilotage du fonds")
    body = factories.OrganisationFactory(
        name="Direction générale des collectivités littorales", kind=Organisation.Kind.CENTRAL
    )
    users = {
        "agent": factories.officer_of(fund),
        "responsable": factories.head_of(fund),
        "porteur": factories.contributor_of(body),
        "valideur": factories.certifier_of(body),
        "presidence": factories.member_of(committee, chair=True).user,
        "membre": factories.member_of(committee).user,
    }
    for role, user in users.items():
        user.email, user.name = f"{role}@organisme.example", role.capitalize()
        user.save()
    return users


@pytest.fixture
def pdf(tmp_path):
    """A small real PDF to join."""

    def pdf(name):
        path = tmp_path / name
        with pikepdf.new() as document:
            document.add_blank_page()
            document.save(path)
        return path

    return pdf


def test_seven_people_walk_from_the_call_to_the_announcement(people, enter, worker, pdf):
    public = enter("public")
    agent = enter("agent", people["agent"], by_hand=True)
    responsable, porteur, valideur, presidence, membre = (
        enter(role, people[role]) for role in ("responsable", "porteur", "valideur", "presidence", "membre")
    )

    prepare_the_call(agent, pdf)
    publish_the_call(responsable)
    read_the_call(public)
    write_the_application(porteur, pdf)
    file_the_application(valideur, public)
    file_another_one(porteur, valideur)
    instruct(agent, responsable)
    convene(agent, responsable)
    score(membre, presidence)
    vote_and_decide(membre, presidence)
    prepare_the_announcement(agent, responsable)
    nothing_shows(public)

    Announcement.objects.update(publish_at=timezone.now() - timedelta(minutes=1))

    everyone_reads(public)


# 1. The call


def prepare_the_call(agent, pdf):
    today = timezone.localdate()
    agent.follow("Préparer les appels")
    agent.follow("Nouvel appel")
    agent.follow("Partir de zéro")
    agent.fill(
        {
            "Référence": "ftap-2018-2",
            "Titre": "Deuxième appel à projets du FTAP",
            "Transformation numérique": True,
            "Ressources humaines": True,
        }
    )
    agent.press("Créer l’appel")
    agent.sees("La date d’ouverture manque.")
    agent.sees("Le formulaire n’a aucune section.")

    agent.follow("Calendrier", exact=True)
    agent.fill(
        {
            "Ouverture des dépôts": today.isoformat(),
            "Comité prévu le": (today + timedelta(days=60)).isoformat(),
        }
    )
    agent.fill_row(1, {"Date limite de dépôt": (today + timedelta(days=30)).isoformat()})
    agent.press("Enregistrer et continuer")
    agent.fill(
        {
            "Seuil (€)": "500 000",
            "Le seuil et le plafond portent sur": "la subvention demandée",
            "Un cofinancement est exigé": True,
        }
    )
    agent.press("Enregistrer et continuer")
    agent.press("Enregistrer et continuer", looking=False)
    agent.press("Lauréat, non retenu")
    agent.fill_row(1, {"Décision": "Retenu"})
    agent.press("Enregistrer et continuer")
    set_the_criteria(agent)

    agent.press("Copier ce modèle : Projet de transformation publique", looking=False)
    agent.follow("Étape suivante de la préparation : Documents")
    agent.fill({"Titre": "Cahier des charges"})
    agent.field("Fichier").set_input_files(pdf("cahier-des-charges.pdf"))
    agent.press("Ajouter")
    agent.follow("Étape suivante : Textes")
    agent.fill(
        {
            "Résumé": "Des projets portés par les ministères et leurs opérateurs.",
            "Présentation": "Le fonds finance :\n\n- le numérique ;\n- l’organisation ;\n- les métiers.",
            "Et après le dépôt ?": "Le secrétariat vous écrit sous dix jours.",
            "Adresse de contact": "fonds@secretariat.example",
        }
    )
    agent.press("Enregistrer et continuer")
    agent.sees("L’appel est prêt")
    agent.follow("Soumettre à publication…")
    agent.press("Soumettre à publication")
    agent.sees("Soumis à publication")


def set_the_criteria(agent):
    for _ in CRITERIA[1:]:
        agent.press("Ajouter une ligne", looking=False)
    for number, (label, weight, guidance) in enumerate(CRITERIA, start=1):
        agent.fill_row(number, {"Intitulé": label, "Poids": weight, "Description": guidance})
    agent.fill_row(1, {"Poids": "30", "Repères": "0 : aucun gain\n5 : gains prouvés"})
    agent.sees("Total des poids : 90 % – il manque 10 %.")
    agent.press("Enregistrer et continuer")
    agent.sees("Les poids font 90 % : ils doivent faire 100 %.")
    agent.fill_row(1, {"Poids": CRITERIA[0][1]})
    agent.press("Enregistrer et continuer", looking=False)


def publish_the_call(responsable):
    responsable.follow("Préparer les appels")
    responsable.follow("Deuxième appel à projets du FTAP")
    responsable.follow("Publier l’appel…")
    responsable.choose("Tout de suite")
    responsable.press("Publier l’appel")
    responsable.sees("L’appel est publié.")


# 2. The public


def read_the_call(public):
    public.go("/")
    public.sees("Deuxième appel à projets du FTAP")
    public.follow("Voir les appels à projets")
    public.follow("Deuxième appel à projets du FTAP")
    rules = ("500 000 €", "Seuil et plafond portent sur la subvention demandée.")
    after = ("Et après le dépôt ?", "Le secrétariat vous écrit sous dix jours.")
    for words in ("Ouvert", *rules, *after, *(label for label, _, _ in CRITERIA)):
        public.sees(words)
    public.sees("PDF")
    assert public.download(re.compile("Cahier des charges")).startswith(b"%PDF")


# 3. The carrier


def write_the_application(porteur, pdf):
    porteur.go("/appels/ftap-2018-2/", looking=False)
    porteur.follow("Déposer un dossier")
    porteur.fill({"Nom du projet": "Littoral sans papier", "Transformation numérique": True})
    porteur.press("Créer le brouillon")
    porteur.sees("2 sections prêtes sur 8")
    porteur.sees("« Résumé du projet » est à remplir.")

    porteur.follow("Le projet")
    porteur.fill({"Résumé du projet": "À écrire."})
    porteur.press("Enregistrer")
    porteur.sees("« Description détaillée » est à remplir.")

    fill_the_sections(porteur)
    porteur.field("Fichiers").set_input_files(pdf("lettre-d-engagement.pdf"))
    porteur.follow("Décrire ou remplacer lettre-d-engagement.pdf")
    porteur.fill({"Description": "Lettre d’engagement du partenaire"})
    porteur.press("Enregistrer")
    porteur.sees("lettre-d-engagement.pdf")
    porteur.follow("Littoral sans papier", within=porteur.page.locator(".fr-breadcrumb"))
    porteur.follow("Demander le visa…")
    porteur.fill({"Un mot pour les valideurs": "Le plan de financement est définitif."})
    porteur.press("Demander le visa")
    porteur.sees("Il n’est pas encore déposé.")


def fill_the_sections(porteur, *, looking=True):
    """From the dossier's page, write each section and go on to the next one, up to the attachments."""
    porteur.follow("Le projet", looking=looking)
    for answers in SECTIONS:
        porteur.fill(answers)
        porteur.press("Enregistrer et continuer", looking=looking)
    porteur.fill_grid(1, {"source": "Subvention du fonds"}, "1 234 567,89")
    porteur.fill_grid(2, {"source": "Ressources propres du porteur"}, "800000")
    porteur.press("Enregistrer et continuer", looking=looking)
    porteur.fill_grid(1, {"label": "Affranchissement", "recurring": True}, "900 000")
    porteur.press("Enregistrer et continuer", looking=looking)


def file_the_application(valideur, public):
    public.go("/demo/courriels/")
    public.follow("Un dossier attend votre visa : Littoral sans papier")
    public.sees("/dossiers/")

    valideur.follow("Mes dossiers")
    valideur.follow("Littoral sans papier")
    valideur.follow("Viser et déposer…")
    valideur.press("Viser et déposer")
    valideur.sees("Référence FTAP-2018-2-0001")
    digest = valideur.page.locator("code").first.text_content()
    assert re.fullmatch("[0-9a-f]{64}", digest)

    receipt = text_of(valideur.download("Accusé de dépôt"))
    assert "FTAP-2018-2-0001" in receipt
    assert digest in re.sub(r"\s", "", receipt)
    assert "Littoral sans papier" in text_of(valideur.download("Dossier déposé"))
    valideur.look()

    public.go("/demo/courriels/", looking=False)
    public.follow("Accusé de dépôt FTAP-2018-2-0001", within=public.page.locator("tr", has_text="porteur@"))
    public.sees(digest)


def file_another_one(porteur, valideur):
    porteur.go("/appels/ftap-2018-2/", looking=False)
    porteur.follow("Déposer un dossier", looking=False)
    porteur.fill({"Nom du projet": "Rénovation du hall d’accueil"})
    porteur.press("Créer le brouillon", looking=False)
    fill_the_sections(porteur, looking=False)
    porteur.follow("Rénovation du hall d’accueil", within=porteur.page.locator(".fr-breadcrumb"))
    porteur.follow("Demander le visa…", looking=False)
    porteur.press("Demander le visa", looking=False)
    valideur.go(porteur.page.url)
    valideur.follow("Viser et déposer…", looking=False)
    valideur.press("Viser et déposer", looking=False)
    valideur.sees("Référence FTAP-2018-2-0002")


# 4. The secretariat


def instruct(agent, responsable):
    agent.go("/espace/", looking=False)
    agent.follow("Dossiers déposés")
    agent.follow("FTAP-2018-2-0001")
    agent.follow("Examiner la recevabilité")
    agent.press("Déclarer recevable")
    agent.sees("Le dossier est déclaré recevable.")

    agent.follow("Évaluations du dossier")
    agent.follow("évaluez-le vous-même")
    for label, _, _ in CRITERIA:
        give_a_score(agent, label)
        agent.fill({f"Commentaire – {label}": "Solide et bien étayé."})
    agent.press("Enregistrer sans terminer")
    agent.sees("L’évaluation est enregistrée, non terminée.")
    agent.press("Terminer l’évaluation")
    agent.sees("Choisissez une recommandation pour terminer.")
    agent.choose("Favorable")
    agent.fill(
        {
            "Subvention proposée (€)": "1 200 000",
            "Synthèse pour le comité": "Un projet mûr, des gains documentés.",
        }
    )
    agent.press("Terminer l’évaluation")
    agent.sees("Recommandation : favorable")

    agent.go("/secretariat/dossiers/FTAP-2018-2-0002/")
    agent.follow("Examiner la recevabilité", looking=False)
    agent.follow("Proposer l’irrecevabilité…")
    agent.press("Proposer l’irrecevabilité")
    agent.sees("Motivez l’irrecevabilité : le porteur recevra ce texte.")
    agent.fill({"Motif de l’irrecevabilité": "Le projet a déjà commencé."})
    agent.press("Proposer l’irrecevabilité")
    agent.sees("une autre personne du secrétariat en décide")

    responsable.go("/secretariat/dossiers/FTAP-2018-2-0002/recevabilite/")
    responsable.follow("Lire la proposition, l’accepter ou la refuser")
    responsable.choose("Accepter : le dossier est irrecevable")
    responsable.press("Décider")
    responsable.sees("Irrecevable, décidé le")

    agent.go("/secretariat/dossiers/?appel=ftap-2018-2")
    agent.follow("Présélection de cet appel")
    agent.fill({"Choix – FTAP-2018-2-0001": "Présélectionner"})
    agent.press("Enregistrer et voir l’aperçu")
    agent.press("Arrêter la présélection")
    agent.sees("1 dossier est présélectionné.")


def give_a_score(agent, criterion):
    scores = agent.page.get_by_role("radiogroup", name=f"Note de 0 à 5 – {criterion}")
    scores.locator("label", has_text=re.compile(r"^\s*4")).click()


# 5. The committee


def convene(agent, responsable):
    agent.go("/espace/", looking=False)
    agent.follow("Séances")
    agent.follow("Nouvelle séance")
    agent.fill(
        {
            "Comité": "Comité de pilotage du fonds",
            "Enveloppe": "FTAP 2018",
            "Intitulé": "Séance de mars",
            "Date de la séance": timezone.localdate().isoformat(),
        }
    )
    agent.press("Convoquer")
    agent.fill({"Inscrire FTAP-2018-2-0001": True})
    agent.press("Inscrire les cochés et garder les montants")
    agent.sees("Littoral sans papier")

    responsable.go("/espace/", looking=False)
    responsable.follow("Séances", looking=False)
    responsable.follow("Séance de mars")
    responsable.press("Ouvrir la séance")
    responsable.sees("La séance est ouverte")
    book = text_of(responsable.download("Livre du comité"))
    assert "Littoral sans papier" in book


def score(membre, presidence):
    for someone, value in ((membre, "4"), (presidence, "5")):
        someone.follow("Mes comités")
        someone.follow("Séance de mars")
        someone.follow("Faire ma déclaration d’intérêts")
        someone.choose("Aucun lien avec les dossiers de l’ordre du jour")
        someone.press("Déclarer et entrer en séance")
        someone.sees("à noter")
        someone.follow("Littoral sans papier", exact=True)
        for label, weight, _ in CRITERIA:
            group = someone.page.get_by_role("radiogroup", name=f"{label} ({weight} %)")
            group.locator("label", has_text=value).click()
        someone.fill({"Commentaire": "Projet convaincant."})
        someone.press("Sceller mes notes")
        someone.sees("scellées jusqu’à leur révélation")
    membre.follow("Littoral sans papier", exact=True)
    membre.sees_not("Notes du comité")


def vote_and_decide(membre, presidence):
    presidence.follow("Révéler toutes les notes")
    presidence.sees("2 sur 2 ont noté")
    presidence.press("Révéler toutes les notes")
    presidence.sees("4,50")
    presidence.press("Ouvrir tous les votes")
    membre.go("/comite/", looking=False)
    membre.follow("Séance de mars")
    membre.sees("à voter")
    for someone, choice, limit in ((membre, "Pour", "1,2 M€"), (presidence, "Abstention", "")):
        someone.follow("Littoral sans papier", exact=True)
        someone.choose(choice)
        someone.fill({"Montant le plus élevé que vous accordez (€)": limit})
        someone.press("Voter")
        someone.sees(f"Vous avez voté « {choice.lower()} »")

    presidence.press("Clore le vote")
    presidence.sees("Membre : pour, jusqu’à 1\u202f200\u202f000\u00a0€")
    presidence.choose("Retenu")
    expect(presidence.field("Subvention accordée (€)")).to_have_value("1\u202f200\u202f000")
    presidence.fill({"Subvention accordée (€)": "12 000 000"})
    presidence.press("Valider la décision")
    presidence.sees("ne contient plus que 10 000 000 €")
    expect(presidence.field("Subvention accordée (€)")).to_have_value("12 000 000")
    presidence.fill({"Subvention accordée (€)": "1 200 000", "Motif d’ensemble": "Projet exemplaire."})
    presidence.press("Valider la décision")
    presidence.sees("Retenu : 1 200 000 €")
    presidence.sees("8 800 000 €")
    presidence.press("Clore la séance")
    presidence.sees("La séance est close.")
    membre.go("/comite/", looking=False)
    membre.follow("Séance de mars")
    membre.follow("Littoral sans papier", exact=True)
    membre.sees("Projet exemplaire.")


# 6. The announcement


def prepare_the_announcement(agent, responsable):
    agent.go("/espace/", looking=False)
    agent.follow("Annonces")
    agent.follow(re.compile("préparer l’annonce", re.IGNORECASE))
    agent.fill({"Titre": "Les lauréats du deuxième appel", "Introduction": "Un projet est retenu."})
    agent.press("Préparer l’annonce")
    agent.follow(re.compile("Modifier la fiche"))
    agent.fill({"Ministère": "Ministère de l’Intérieur", "Valeur du montant": "environ"})
    agent.press("Enregistrer")
    agent.follow("Voir la page telle qu’elle sera publiée")

    in_an_hour = timezone.localtime() + timedelta(hours=1)
    responsable.go("/espace/", looking=False)
    responsable.follow("Annonces")
    responsable.follow("Les lauréats du deuxième appel")
    responsable.press("Valider l’annonce")
    responsable.follow("Programmer la publication…")
    responsable.fill(
        {
            "Jour de publication": in_an_hour.date().isoformat(),
            "Heure de publication": f"{in_an_hour:%H:%M}",
        }
    )
    responsable.press("Programmer")
    responsable.sees("Sous embargo jusqu’au")
    assert "Littoral sans papier" in text_of(responsable.download("Dossier de presse (PDF)"))


def nothing_shows(public):
    for address in ("/", "/laureats/", "/annonces/"):
        public.go(address)
        public.sees_not("Littoral sans papier")
        public.sees_not("Les lauréats du deuxième appel")


def everyone_reads(public):
    public.go("/")
    public.sees("Les lauréats du deuxième appel")
    public.go("/laureats/")
    public.sees("environ 1,2 M€")
    public.follow("Littoral sans papier")
    public.sees("Un guichet unique pour les démarches des communes littorales.")
    public.go("/annonces/")
    public.follow("Les lauréats du deuxième appel")
    kit = text_of(public.download("Dossier de presse (PDF)"))
    assert "Littoral sans papier" in kit


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
