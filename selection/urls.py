from django.urls import path

from selection import committee_urls, succession_urls
from selection.press_kit.keys import KINDS
from selection.views import (
    announcements,
    batches,
    case,
    comparison,
    conflicts,
    dashboard,
    desk,
    eligibility,
    exchanges,
    expertise,
    exports,
    failed_documents,
    flags,
    follow,
    hearings,
    labels,
    laureates,
    listing,
    meetings,
    message_templates,
    opinions,
    page_check,
    press,
    press_kit,
    previews,
    publishing,
    radar,
    reviewers,
    reviews,
    saved_views,
    shortlist,
    statistics,
)

app_name = "selection"
urlpatterns = [
    # The public
    path("laureats/", laureates.laureates, name="laureates"),
    path("laureats/chiffres/", laureates.figures, name="figures"),  # a word that no laureate's slug takes
    path("laureats/<slug:slug>/", laureates.laureate, name="laureate"),
    path("annonces/", press.announcements, name="announcements"),
    # An announcement before its minute, by a personal link
    path("annonces/apercu/<str:token>/", previews.preview, name="preview"),
    path("annonces/apercu/<str:token>/images/<uuid:key>/", previews.preview_picture, name="preview_picture"),
    path("annonces/apercu/<str:token>/dossier-de-presse/", press_kit.preview, name="preview_press_kit"),
    *(
        path(
            f"annonces/apercu/<str:token>/dossier-de-presse.{name}",
            press_kit.preview_file,
            {"name": name},
            name=f"preview_press_kit_{name}",
        )
        for name in KINDS
    ),
    path("annonces/<slug:slug>/", press.announcement, name="announcement"),
    path("annonces/<slug:slug>/images/<uuid:key>/", press.announcement_picture, name="announcement_picture"),
    # The press kit: its page, and of each of its files where it is and how far it is
    path("annonces/<slug:slug>/dossier-de-presse/", press_kit.press_kit, name="press_kit"),
    *(
        path(
            f"annonces/<slug:slug>/dossier-de-presse.{name}",
            press_kit.file,
            {"name": name},
            name=f"press_kit_{name}",
        )
        for name in KINDS
    ),
    *(
        path(
            f"annonces/<slug:slug>/dossier-de-presse/{name}/",
            press_kit.progress,
            {"name": name},
            name=f"press_kit_{name}_progress",
        )
        for name in KINDS
    ),
    path("secretariat/annonces/<slug:slug>/dossier-de-presse/", press_kit.order, name="order_press_kit"),
    path("presse/", press.press, name="press"),
    # The carrier
    path("dossiers/<slug:key>/suivi/", follow.follow, name="follow"),
    path("dossiers/<slug:key>/irrecevabilite/", eligibility.carrier_letter, name="carrier_letter"),
    path("dossiers/<slug:key>/irrecevabilite.pdf", eligibility.carrier_letter_pdf, name="carrier_letter_pdf"),
    path("dossiers/<slug:key>/page-publique/", page_check.page_check, name="page_check"),
    path(
        "dossiers/<slug:key>/page-publique/images/<uuid:picture>/",
        page_check.page_check_picture,
        name="page_check_picture",
    ),
    # The secretariat's door, and its pages of a call
    path("secretariat/", dashboard.door, name="door"),
    path("secretariat/documents/", failed_documents.failed_documents, name="failed_documents"),
    path("secretariat/appels/<slug:slug>/tableau-de-bord/", dashboard.call_dashboard, name="dashboard"),
    path("secretariat/appels/<slug:slug>/statistiques/", statistics.statistics, name="statistics"),
    path(
        "secretariat/appels/<slug:slug>/statistiques/document/",
        statistics.statistics_document,
        name="statistics_document",
    ),
    path(
        "secretariat/appels/<slug:slug>/statistiques/document.pdf",
        statistics.statistics_pdf,
        name="statistics_pdf",
    ),
    path("secretariat/appels/<slug:slug>/exports/", exports.exports, name="exports"),
    path("secretariat/appels/<slug:slug>/exports/<int:pk>/", exports.export, name="export"),
    path("secretariat/appels/<slug:slug>/exports/<int:pk>/fichier/", exports.export_file, name="export_file"),
    # The secretariat
    path("secretariat/dossiers/", listing.cases, name="cases"),
    # Saved views of the list
    path("secretariat/vues/", saved_views.view_list, name="views"),
    path("secretariat/vues/nouvelle/", saved_views.new_view, name="new_view"),
    path("secretariat/vues/<int:pk>/", saved_views.change_view, name="change_view"),
    path("secretariat/vues/<int:pk>/supprimer/", saved_views.delete_view, name="delete_view"),
    path("secretariat/dossiers/<slug:reference>/", case.case, name="case"),
    path(
        "secretariat/dossiers/<slug:reference>/recevabilite/",
        eligibility.check_eligibility,
        name="eligibility",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/recevabilite/constats/",
        eligibility.confirm_facts,
        name="confirm_facts",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/recevabilite/regles/<slug:rule>/",
        eligibility.settle_fact,
        name="settle_fact",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/recevabilite/irrecevabilite/",
        eligibility.ineligibility,
        name="ineligibility",
    ),
    path("secretariat/dossiers/<slug:reference>/recevabilite/lettre/", eligibility.letter, name="letter"),
    path(
        "secretariat/dossiers/<slug:reference>/recevabilite/lettre.pdf",
        eligibility.letter_pdf,
        name="letter_pdf",
    ),
    # Review
    path("secretariat/evaluations/", reviewers.my_reviews, name="my_reviews"),
    path("secretariat/dossiers/<slug:reference>/evaluation/", reviews.review, name="review"),
    path(
        "secretariat/dossiers/<slug:reference>/evaluation/brouillon/",
        reviews.autosave_review,
        name="autosave_review",
    ),
    path("secretariat/dossiers/<slug:reference>/consensus/", reviews.consensus, name="consensus"),
    path(
        "secretariat/dossiers/<slug:reference>/consensus/brouillon/",
        reviews.autosave_consensus,
        name="autosave_consensus",
    ),
    path("secretariat/dossiers/<slug:reference>/evaluations/", reviewers.reviews, name="reviews"),
    path(
        "secretariat/dossiers/<slug:reference>/evaluations/<int:pk>/retirer/",
        reviewers.unassign,
        name="unassign_reviewer",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/evaluations/<int:pk>/rouvrir/",
        reviewers.reopen,
        name="reopen_review",
    ),
    path("secretariat/dossiers/<slug:reference>/alertes/", flags.flags, name="flags"),
    path("secretariat/dossiers/<slug:reference>/alertes/<int:pk>/lever/", flags.lift, name="lift_flag"),
    # The filed dossier
    path(
        "secretariat/dossiers/<slug:reference>/pieces/<slug:sha256>/",
        case.attachment,
        name="attachment",
    ),
    path("secretariat/dossiers/<slug:reference>/dossier/", case.dossier, name="dossier"),
    path("secretariat/dossiers/<slug:reference>/dossier.pdf", case.dossier_pdf, name="dossier_pdf"),
    # Exchanges with the carrier
    path("secretariat/dossiers/<slug:reference>/messages/", exchanges.message_list, name="messages"),
    path(
        "secretariat/dossiers/<slug:reference>/messages/lus/", exchanges.messages_read, name="messages_read"
    ),
    path(
        "secretariat/dossiers/<slug:reference>/messages/<int:pk>/fichiers/<int:file_pk>/",
        exchanges.message_file,
        name="message_file",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/depots/<int:before>/<int:after>/",
        exchanges.difference,
        name="difference",
    ),
    path("secretariat/dossiers/<slug:reference>/complements/", exchanges.clarify, name="clarify"),
    path(
        "secretariat/dossiers/<slug:reference>/complements/delai/",
        exchanges.extend_clarification,
        name="extend_clarification",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/complements/lever/",
        exchanges.call_off_clarification,
        name="call_off_clarification",
    ),
    # The secretariat's own order
    path("secretariat/dossiers/<slug:reference>/notes/", desk.notes, name="notes"),
    path(
        "secretariat/dossiers/<slug:reference>/notes/<int:pk>/supprimer/",
        desk.delete_note,
        name="delete_note",
    ),
    path("secretariat/dossiers/<slug:reference>/historique/", desk.history, name="history"),
    path("secretariat/dossiers/<slug:reference>/charge/", desk.assign, name="assign"),
    path("secretariat/dossiers/<slug:reference>/etiquettes/", desk.put_label, name="put_label"),
    path(
        "secretariat/dossiers/<slug:reference>/etiquettes/<int:pk>/retirer/",
        desk.remove_label,
        name="remove_label",
    ),
    path("secretariat/modeles/", message_templates.template_list, name="message_templates"),
    path(
        "secretariat/modeles/<slug:slug>/nouveau/",
        message_templates.new_template,
        name="new_message_template",
    ),
    path("secretariat/modeles/<int:pk>/", message_templates.change_template, name="message_template"),
    path(
        "secretariat/modeles/<int:pk>/supprimer/",
        message_templates.delete_template,
        name="delete_message_template",
    ),
    path("secretariat/actions-groupees/", batches.batch_list, name="batches"),
    path("secretariat/actions-groupees/nouvelle/", batches.new_batch, name="new_batch"),
    path("secretariat/actions-groupees/confirmer/", batches.confirm_batch, name="confirm_batch"),
    path("secretariat/actions-groupees/<int:pk>/", batches.batch, name="batch"),
    path("secretariat/etiquettes/", labels.label_list, name="labels"),
    path("secretariat/etiquettes/<slug:slug>/nouvelle/", labels.new_label, name="new_label"),
    path("secretariat/etiquettes/<int:pk>/", labels.rename_label, name="rename_label"),
    path("secretariat/etiquettes/<int:pk>/supprimer/", labels.delete_label, name="delete_label"),
    # Conflicts of interest
    path("compte/interets/", conflicts.interests, name="interests"),
    path("compte/interets/<int:pk>/fin/", conflicts.end_interest, name="end_interest"),
    path("secretariat/declarations/", conflicts.declarations, name="declarations"),
    path("secretariat/declarations/<int:pk>/", conflicts.settle_declaration, name="settle_declaration"),
    path(
        "secretariat/dossiers/<slug:reference>/interets/",
        conflicts.raise_declaration,
        name="raise_declaration",
    ),
    path("secretariat/dossiers/<slug:reference>/deport/", conflicts.recuse_oneself, name="recuse_oneself"),
    # Radar, meetings, comparison
    path("secretariat/comparer/", comparison.compare, name="compare"),
    path("secretariat/dossiers/<slug:reference>/proches/", radar.similar, name="similar"),
    path(
        "secretariat/dossiers/<slug:reference>/proches/<slug:other>/rencontre/",
        radar.suggest_meeting,
        name="suggest_meeting",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/rencontres/<int:pk>/retirer/",
        radar.call_off_meeting,
        name="call_off_meeting",
    ),
    path("secretariat/accompagnements/<int:pk>/proches/", radar.similar_to_draft, name="similar_to_draft"),
    path("dossiers/<slug:key>/rencontres/", meetings.meetings, name="meetings"),
    path("dossiers/<slug:key>/rencontres/<int:pk>/", meetings.answer_meeting, name="answer_meeting"),
    path("secretariat/appels/<slug:slug>/preselection/", shortlist.shortlist, name="shortlist"),
    path(
        "secretariat/appels/<slug:slug>/preselection/apercu/",
        shortlist.shortlist_preview,
        name="shortlist_preview",
    ),
    path("secretariat/appels/<slug:slug>/auditions/", hearings.hearings, name="hearings"),
    path("secretariat/appels/<slug:slug>/auditions/creneaux/", hearings.make_slots, name="make_slots"),
    path("secretariat/appels/<slug:slug>/auditions/creneaux/<int:pk>/", hearings.slot, name="slot"),
    path(
        "secretariat/appels/<slug:slug>/auditions/creneaux/<int:pk>/supprimer/",
        hearings.remove_slot,
        name="remove_slot",
    ),
    path(
        "secretariat/appels/<slug:slug>/auditions/programme/<slug:day>/",
        hearings.programme,
        name="programme",
    ),
    path("secretariat/dossiers/<slug:reference>/audition/", hearings.hearing, name="hearing"),
    path("secretariat/dossiers/<slug:reference>/audition/creneau/", hearings.give_slot, name="give_slot"),
    path(
        "secretariat/dossiers/<slug:reference>/audition/annuler/",
        hearings.cancel_hearing,
        name="cancel_hearing",
    ),
    # Announcements
    path(
        "secretariat/appels/<slug:slug>/annonce/",
        announcements.prepare_announcement,
        name="prepare_announcement",
    ),
    path("secretariat/annonces/", announcements.announcement_desk, name="announcement_desk"),
    path("secretariat/annonces/<slug:slug>/", announcements.preparation, name="announcement_preparation"),
    path(
        "secretariat/annonces/<slug:slug>/laureats/<int:pk>/",
        announcements.describe_laureate,
        name="describe_laureate",
    ),
    # What surrounds an announcement, and the carriers' checks
    path("secretariat/annonces/<slug:slug>/texte/", publishing.write_announcement, name="write_announcement"),
    path(
        "secretariat/annonces/<slug:slug>/chiffres/",
        publishing.announcement_figures,
        name="announcement_figures",
    ),
    path("secretariat/annonces/<slug:slug>/images/", publishing.add_picture, name="add_announcement_picture"),
    path(
        "secretariat/annonces/<slug:slug>/images/<int:pk>/retirer/",
        publishing.remove_picture,
        name="remove_announcement_picture",
    ),
    path(
        "secretariat/annonces/<slug:slug>/images/<int:pk>/garder/",
        publishing.keep_picture,
        name="keep_announcement_picture",
    ),
    path("secretariat/annonces/<slug:slug>/apercus/", previews.previews, name="previews"),
    path(
        "secretariat/annonces/<slug:slug>/apercus/<int:pk>/revoquer/",
        previews.revoke_preview,
        name="revoke_preview",
    ),
    path("secretariat/annonces/<slug:slug>/relectures/", publishing.ask_checks, name="ask_checks"),
    path(
        "secretariat/annonces/<slug:slug>/relectures/<int:pk>/", publishing.settle_check, name="settle_check"
    ),
    path("secretariat/annonces/<slug:slug>/publier/", publishing.publish_now, name="publish_now"),
    path(
        "secretariat/annonces/<slug:slug>/rubriques/<slug:part>/",
        publishing.announcement_rows,
        name="announcement_rows",
    ),
    path("secretariat/annonces/<slug:slug>/valider/", announcements.validate_announcement, name="validate"),
    path(
        "secretariat/annonces/<slug:slug>/reprendre/", announcements.return_to_draft, name="return_to_draft"
    ),
    path(
        "secretariat/annonces/<slug:slug>/programmer/", announcements.schedule_announcement, name="schedule"
    ),
    path("secretariat/annonces/<slug:slug>/retirer/", announcements.withdraw_announcement, name="withdraw"),
    # Opinions
    path("secretariat/dossiers/<slug:reference>/avis/", opinions.opinion_list, name="opinions"),
    path("secretariat/dossiers/<slug:reference>/avis/demander/", opinions.ask_opinion, name="ask_opinion"),
    path(
        "secretariat/dossiers/<slug:reference>/avis/<int:pk>/relancer/",
        opinions.remind_opinion,
        name="remind_opinion",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/avis/<int:pk>/reporter/",
        opinions.postpone_opinion,
        name="postpone_opinion",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/avis/<int:pk>/retirer/",
        opinions.revoke_opinion,
        name="revoke_opinion",
    ),
    path(
        "secretariat/dossiers/<slug:reference>/avis/fichiers/<int:pk>/",
        opinions.opinion_file,
        name="opinion_file",
    ),
    path("avis/", expertise.my_opinions, name="my_opinions"),
    path("avis/invitations/<str:token>/", expertise.accept_opinion, name="accept_opinion"),
    path("avis/<int:pk>/", expertise.opinion, name="opinion"),
    path("avis/<int:pk>/decliner/", expertise.decline_opinion, name="decline_opinion"),
    path("avis/<int:pk>/pieces/<slug:sha256>/", expertise.attachment, name="opinion_attachment"),
    path("avis/<int:pk>/fichiers/<int:file_pk>/", expertise.own_file, name="own_opinion_file"),
    *committee_urls.urlpatterns,
    *succession_urls.urlpatterns,
]
