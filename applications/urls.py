from django.urls import path

from applications.views import (
    attachments,
    autosave,
    clarifying,
    completeness,
    dossiers,
    exchanges,
    filing,
    grids,
    history,
    people,
    reuse,
    sections,
    sheets,
    submissions,
    support,
    uploads,
)

app_name = "applications"
urlpatterns = [
    path("dossiers/", dossiers.application_list, name="list"),
    path("dossiers/nouveau/<slug:slug>/", dossiers.create, name="create"),
    # The team
    path("dossiers/invitations/<str:token>/", people.accept_invitation, name="accept_invitation"),
    path("dossiers/<slug:key>/equipe/", people.team, name="team"),
    path("dossiers/<slug:key>/equipe/inviter/", people.invite, name="invite"),
    path("dossiers/<slug:key>/equipe/quitter/", people.leave, name="leave"),
    path("dossiers/<slug:key>/equipe/<int:pk>/role/", people.change_role, name="change_role"),
    path("dossiers/<slug:key>/equipe/<int:pk>/retirer/", people.remove, name="remove_collaborator"),
    path(
        "dossiers/<slug:key>/equipe/invitations/<int:pk>/renvoyer/",
        people.resend_invitation,
        name="resend_invitation",
    ),
    path(
        "dossiers/<slug:key>/equipe/invitations/<int:pk>/retirer/",
        people.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("dossiers/<slug:key>/alerter/", people.alert_certifiers, name="alert_certifiers"),
    # Re-use
    path("dossiers/importer/", reuse.import_dossier, name="import"),
    path("dossiers/<slug:key>/recopier/", reuse.clone, name="clone"),
    path("dossiers/<slug:key>/dossier.json", reuse.export, name="export"),
    # A dossier
    path("dossiers/<slug:key>/", dossiers.detail, name="detail"),
    path("dossiers/<slug:key>/identite/", dossiers.change_identity, name="identity"),
    path("dossiers/<slug:key>/sections/<slug:section_key>/", sections.section, name="section"),
    # Tables
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/calculs/", grids.table_figures, name="table_figures"
    ),
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/tableau.xlsx",
        sheets.table_export,
        name="table_export",
    ),
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/modele.xlsx",
        sheets.table_template,
        name="table_template",
    ),
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/importer/", sheets.table_import, name="table_import"
    ),
    # Writing a section together
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/enregistrement/", autosave.autosave, name="autosave"
    ),
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/tableau/enregistrement/",
        autosave.autosave_table,
        name="autosave_table",
    ),
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/historique/",
        history.section_history,
        name="section_history",
    ),
    path(
        "dossiers/<slug:key>/sections/<slug:section_key>/historique/<int:pk>/",
        history.section_version,
        name="section_version",
    ),
    path("dossiers/<slug:key>/presence/", autosave.presence_of, name="presence"),
    # Files
    path("dossiers/<slug:key>/pieces/envois/", uploads.begin_upload, name="begin_upload"),
    path("dossiers/<slug:key>/pieces/envois/<int:pk>/", uploads.upload, name="upload"),
    path("dossiers/<slug:key>/pieces/envois/<int:pk>/terminer/", uploads.finish_upload, name="finish_upload"),
    path(
        "dossiers/<slug:key>/pieces/envois/<int:pk>/abandonner/",
        uploads.abandon_upload,
        name="abandon_upload",
    ),
    path("dossiers/<slug:key>/pieces/<int:pk>/", attachments.attachment, name="attachment"),
    path(
        "dossiers/<slug:key>/pieces/<int:pk>/modifier/",
        attachments.change_attachment,
        name="change_attachment",
    ),
    path(
        "dossiers/<slug:key>/pieces/<int:pk>/versions/<int:version_pk>/", attachments.version, name="version"
    ),
    path("dossiers/<slug:key>/pieces/<int:pk>/deplacer/", attachments.move, name="move_attachment"),
    path("dossiers/<slug:key>/pieces/<int:pk>/retirer/", attachments.detach, name="detach"),
    path("dossiers/<slug:key>/pieces/<int:pk>/apercu/", attachments.preview_attachment, name="preview"),
    path(
        "dossiers/<slug:key>/pieces/<int:pk>/apercu/<int:number>.png",
        attachments.preview_page,
        name="preview_page",
    ),
    # End of files
    path("dossiers/<slug:key>/visa/", filing.ask_for_visa, name="visa"),
    path("dossiers/<slug:key>/renvoyer/", filing.return_to_writers, name="return"),
    path("dossiers/<slug:key>/deposer/", filing.file_application, name="file"),
    path("dossiers/<slug:key>/reprendre/", filing.take_back, name="take_back"),
    path("dossiers/<slug:key>/retirer/", filing.withdraw, name="withdraw"),
    # What is missing, who does what, visa and what was filed
    path("dossiers/<slug:key>/completude/", completeness.missing, name="completeness"),
    path("dossiers/<slug:key>/section-responsable/", completeness.owners, name="owners"),
    path("dossiers/<slug:key>/remarques/<int:pk>/traiter/", completeness.settle, name="settle_remark"),
    path("dossiers/<slug:key>/relecture/", submissions.proofread, name="proofread"),
    path("dossiers/<slug:key>/depose/", submissions.filed, name="filed"),
    path("dossiers/<slug:key>/depots/<int:revision>/", submissions.submission, name="submission"),
    path("dossiers/<slug:key>/depots/<int:before>/<int:after>/", submissions.difference, name="difference"),
    path(
        "dossiers/<slug:key>/depots/<int:revision>/documents/<slug:name>/",
        submissions.document,
        name="submission_document",
    ),
    path(
        "dossiers/<slug:key>/depots/<int:revision>/documents/<slug:name>.pdf",
        submissions.download,
        name="submission_download",
    ),
    path("dossiers/<slug:key>/fichiers/<slug:sha256>/", submissions.file, name="file_by_hash"),
    path("dossiers/<slug:key>/documents/<slug:name>/", dossiers.document, name="document"),
    path("dossiers/<slug:key>/documents/<slug:name>.pdf", dossiers.download, name="download"),
    # Exchanges with the secretariat
    path("dossiers/<slug:key>/messages/", exchanges.message_list, name="messages"),
    path("dossiers/<slug:key>/messages/lus/", exchanges.messages_read, name="messages_read"),
    path(
        "dossiers/<slug:key>/messages/<int:pk>/fichiers/<int:file_pk>/",
        exchanges.message_file,
        name="message_file",
    ),
    path("dossiers/<slug:key>/complements/", clarifying.clarification, name="clarification"),
    path("dossiers/<slug:key>/complements/valideurs/", clarifying.hand_over, name="hand_over"),
    # Support before filing
    path("dossiers/<slug:key>/accompagnement/", support.support, name="support"),
    path("dossiers/<slug:key>/accompagnement/clore/", support.close, name="close_support"),
    path("secretariat/accompagnements/", support.support_desk, name="support_desk"),
    path("secretariat/accompagnements/<int:pk>/", support.supported, name="supported"),
    path("secretariat/accompagnements/<int:pk>/prendre/", support.take_charge, name="take_charge"),
    path("secretariat/accompagnements/<int:pk>/remarques/", support.comment_draft, name="comment_draft"),
    path("secretariat/accompagnements/<int:pk>/propositions/", support.propose, name="propose"),
    path("secretariat/accompagnements/<int:pk>/clore/", support.close_supported, name="close_supported"),
    path(
        "secretariat/accompagnements/<int:pk>/pieces/<slug:sha256>/",
        support.supported_file,
        name="supported_file",
    ),
    path("secretariat/appels/<slug:slug>/brouillons/", support.draft_counts, name="draft_counts"),
]
