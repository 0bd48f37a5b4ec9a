"""Documents as the portal makes them, with invented content: a dossier, a press kit, a filing receipt."""

from django.conf import settings
from django.template import engines

from documents import pdf
from selection.charts import Chart

FUND = "Fonds pour la transformation de l’action publique"
PARAGRAPH = (
    "Le service instruit chaque année 1,2 million de demandes, dont les deux tiers sur papier. Le projet remplace "
    "la saisie par une reprise des données déjà connues de l’administration, et rend aux agents le temps du conseil. "
    "Une première version est mise en service dans trois départements, puis étendue après mesure de ses effets."
)

DOSSIER = """
{% extends "print/base.html" %}
{% block cover %}{% include "print/components/cover.html" with kind="Dossier de candidature" %}{% endblock %}
{% block content %}
<div class="numbered">
  <h2>Le projet en bref</h2>
  {% include "print/components/facts.html" with facts=facts only %}
  {% for chapter in chapters %}
    <h2>{{ chapter }}</h2>
    {% for section in sections %}
      <h3>{{ section }}</h3>
      <p>{{ paragraph }}</p>
      <p>{{ paragraph }}</p>
    {% endfor %}
    {% include "print/components/notice.html" with title="À retenir" text=paragraph only %}
  {% endfor %}
  <div class="new-page">
    <h2>Plan de financement</h2>
{% include "print/components/amount_table.html" with caption=budget headers=headers rows=rows total=total only %}
{% include "print/components/bar_chart.html" with id="economies" columns=chart_columns rows=chart_rows %}
  </div>
</div>
{% endblock %}
"""

PRESS_KIT = """
{% extends "print/base.html" %}
{% block cover %}{% include "print/components/cover.html" with kind="Dossier de presse" %}{% endblock %}
{% block running_mark %}Sous embargo jusqu’au {{ embargo }}{% endblock %}
{% block content %}
<h2>Les lauréats en chiffres</h2>
{% include "print/components/figures.html" with figures=figures only %}
<p>{{ paragraph }}</p>
{% include "print/components/table.html" with caption="Les lauréats" headers=kit_headers rows=kit_rows only %}
{% for project in projects %}
  {% include "print/components/project.html" with project=project id=forloop.counter only %}
{% endfor %}
{% endblock %}
"""

RECEIPT = """
{% extends "print/base.html" %}
{% block content %}
{% include "print/components/letterhead.html" with state_brand=state_brand fund_name=fund_name only %}
<h1>{{ title }}</h1>
{% include "print/components/fictif.html" only %}
<p>Le secrétariat du fonds a bien reçu le dossier décrit ci-dessous. Il est figé dans l’état où il a été déposé.</p>
{% include "print/components/facts.html" with facts=facts only %}
<p><a href="/dossiers/ftap-2018-0042/">Suivre le dossier</a>, <a href="#contact">nous joindre</a>.</p>
<h2 id="contact">Contact</h2>
<p>Le secrétariat du fonds répond du lundi au vendredi.</p>
{% endblock %}
"""


def amounts(first, *others):
    """Return a row of amounts in euros, written as the portal writes them."""
    return [first, *(f"{value:,} €".replace(",", "\u202f") for value in others)]


CONTEXT = {
    "fund_name": FUND,
    "subtitle": "Simplifier les démarches de mobilité des agents publics",
    "fictif": True,
    "embargo": "",
    "paragraph": PARAGRAPH,
    "facts": [
        ("Numéro", "FTAP-2018-0042"),
        ("Porteur", "Direction des démarches fictives"),
        ("Subvention demandée", "4\u202f250\u202f000 €"),
        ("Coût complet du projet", "7\u202f800\u202f000 €"),
        ("Date de dépôt", "12 mars 2018 à 17 h 42 (heure de Paris)"),
        ("Empreinte du dossier", "9f86d081884c7d659a2feaa0c55ad015 a3bf4f1b2b0b822cd15d6c15b0f00a08"),
    ],
    "chapters": ["Le besoin", "La solution", "La conduite du changement"],
    "sections": ["Situation de départ", "Ce qui change pour l’usager", "Ce qui change pour l’agent"],
    "headers": ["Poste", "2019", "2020", "2021", "Total"],
    "rows": [
        amounts(f"{post} (lot {number})", 120_000 * number, 95_500, 1_250_000, 120_000 * number + 1_345_500)
        for number in range(1, 9)
        for post in ("Développement", "Accompagnement des agents", "Hébergement")
    ],
    "total": amounts("Total", 12_960_000, 2_292_000, 30_000_000, 45_252_000),
    "chart": Chart(
        "Économies attendues par année",
        [("2019", 0.4, "0,4 M€", False), ("2020", 2.1, "2,1 M€", False), ("2021", 5, "5 M€", False)],
    ),
    "chart_columns": ["Année", "Économies"],
    "chart_rows": [["2019", "0,4 M€"], ["2020", "2,1 M€"], ["2021", "5 M€"]],
    "figures": [
        ("17", "projets lauréats"),
        ("117,4 M€", "accordés par le fonds"),
        ("1,8 €", "d’économies pérennes par euro investi"),
        ("9", "ministères porteurs"),
    ],
    "budget": "Dépenses par poste et par année",
    "kit_headers": ["Projet", "Porteur", "Montant accordé"],
    "kit_rows": [
        ["Mobilité simple", "Direction fictive", "4,2 M€"],
        ["Guichet clair", "Agence fictive", "non communiqué"],
    ],
    "projects": [
        {
            "name": name,
            "carrier": "Direction des démarches fictives",
            "ministry": "Ministère de l’Exemple",
            "amount": "plus de 5 M€",
            "text": f"{PARAGRAPH}\n\n{PARAGRAPH}",
            "facts": [("Durée", "36 mois"), ("Économies attendues", "non communiqué")],
            "fictitious": True,
        }
        for name in ("Mobilité simple", "Guichet clair", "Données de confiance pour tous")
    ],
}


def make(sample, title, **changes):
    """Return the PDF of a sample; `changes` replace parts of its context."""
    context = {"state_brand": settings.PORTAL_STATE_BRAND, "title": title, **CONTEXT, **changes}
    return pdf.render(engines["django"].from_string(sample).render(context), title=title)
