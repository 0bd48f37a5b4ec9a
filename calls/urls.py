from django.urls import path, register_converter

from calls.views import (
    beginnings,
    blank_form,
    calendar,
    corrections,
    editor,
    eligibility,
    event_desk,
    events,
    form_builder,
    form_correction,
    form_pieces,
    form_report,
    funds,
    preparation,
    preview,
    public,
    publication,
    questions,
    subscriptions,
)


class Piece:
    """A list of the pieces of a form: French in addresses, English in code."""

    names = {"sections": "sections", "questions": "questions", "controles": "checks"}
    regex = "|".join(names)

    def to_python(self, value):
        return self.names[value]

    def to_url(self, value):
        return next(name for name, piece in self.names.items() if piece == value)


register_converter(Piece, "piece")
FORM = "secretariat/appels/<slug:slug>/formulaire/"

app_name = "calls"
urlpatterns = [
    path("fonds/", funds.funds, name="funds"),
    path("fonds/<slug:slug>/", funds.fund, name="fund"),
    path("appels/", public.call_list, name="list"),
    path("appels/<slug:slug>/", public.call_detail, name="detail"),
    path("appels/<slug:slug>/documents/<int:pk>/", public.call_document, name="document"),
    # A call's form, and whom it fits
    path("appels/<slug:slug>/formulaire/", blank_form.blank_form, name="form"),
    path("appels/<slug:slug>/formulaire.pdf", blank_form.blank_form_pdf, name="form_pdf"),
    path("appels/<slug:slug>/eligibilite/", eligibility.eligibility, name="eligibility"),
    path("eligibilite/", eligibility.eligibility_of_all, name="eligibility_of_all"),
    # Questions
    path("appels/<slug:slug>/questions/", questions.questions, name="questions"),
    path("appels/<slug:slug>/questions/poser/", questions.ask_question, name="ask"),
    path("secretariat/questions/", questions.question_list, name="question_list"),
    path("secretariat/questions/<int:pk>/", questions.question, name="question"),
    path("secretariat/questions/<int:pk>/ecarter/", questions.set_aside, name="set_aside"),
    path("secretariat/appels/<slug:slug>/questions/", questions.questions_end, name="questions_end"),
    # Subscriptions
    path("abonnements/", subscriptions.subscribe, name="subscribe"),
    path("abonnements/demande-envoyee/", subscriptions.subscription_requested, name="subscription_requested"),
    path(
        "abonnements/confirmer/<slug:key>/", subscriptions.confirm_subscription, name="confirm_subscription"
    ),
    path("abonnements/<slug:key>/", subscriptions.subscription, name="subscription"),
    path("abonnements/<slug:key>/desabonnement/", subscriptions.unsubscribe, name="unsubscribe"),
    # Events
    path("evenements/", events.event_list, name="events"),
    path("evenements/<slug:slug>.ics", events.event_ics, name="event_ics"),
    path("evenements/<slug:slug>/", events.event, name="event"),
    path("evenements/<slug:slug>/inscription/", events.register, name="register"),
    path("evenements/<slug:slug>/fichiers/<int:pk>/", events.event_file, name="event_file"),
    path("inscriptions/<slug:key>/", events.registration, name="registration"),
    path("secretariat/evenements/", event_desk.event_desk, name="event_desk"),
    path("secretariat/evenements/nouveau/", event_desk.prepare_event, name="prepare_event"),
    path("secretariat/evenements/<slug:slug>/", event_desk.event_preparation, name="event_preparation"),
    path("secretariat/evenements/<slug:slug>/modifier/", event_desk.change_event, name="change_event"),
    path("secretariat/evenements/<slug:slug>/lignes/<slug:part>/", event_desk.event_rows, name="event_rows"),
    path("secretariat/evenements/<slug:slug>/publier/", event_desk.publish_event, name="publish_event"),
    path("secretariat/evenements/<slug:slug>/annuler/", event_desk.cancel_event, name="cancel_event"),
    path("secretariat/evenements/<slug:slug>/inscrits/", event_desk.attendance, name="attendance"),
    path("secretariat/evenements/<slug:slug>/inscrits.csv", event_desk.attendance_csv, name="attendance_csv"),
    path("secretariat/evenements/<slug:slug>/compte-rendu/", event_desk.write_report, name="write_report"),
    path(
        "secretariat/evenements/<slug:slug>/compte-rendu/publier/",
        event_desk.publish_report,
        name="publish_report",
    ),
    path("secretariat/evenements/<slug:slug>/images/", event_desk.add_picture, name="add_picture"),
    path("secretariat/evenements/<slug:slug>/documents/", event_desk.add_document, name="add_event_document"),
    path(
        "secretariat/evenements/<slug:slug>/fichiers/<int:pk>/retirer/",
        event_desk.remove_file,
        name="remove_event_file",
    ),
    # The form builder
    path(FORM, form_builder.form_builder, name="form_builder"),
    path(FORM + "modele/", form_builder.use_form_template, name="form_template"),
    path(FORM + "deplacer/", form_builder.move_in_form, name="form_move"),
    path(FORM + "ajouter-une-section/", form_pieces.add_form_section, name="form_section_add"),
    path(FORM + "sections/<slug:key>/", form_pieces.form_section, name="form_section"),
    path(FORM + "sections/<slug:key>/question/", form_pieces.add_form_question, name="form_question_add"),
    path(FORM + "questions/<slug:key>/", form_pieces.form_question, name="form_question"),
    path(FORM + "ajouter-un-controle/", form_pieces.add_form_check, name="form_check_add"),
    path(FORM + "controles/<slug:key>/", form_pieces.form_check, name="form_check"),
    path(FORM + "<piece:piece>/<slug:key>/condition/", form_pieces.form_condition, name="form_condition"),
    path(FORM + "<piece:piece>/<slug:key>/deplacer/", form_builder.place_in_form, name="form_place"),
    path(FORM + "<piece:piece>/<slug:key>/copier/", form_builder.copy_in_form, name="form_copy"),
    path(FORM + "<piece:piece>/<slug:key>/supprimer/", form_builder.remove_from_form, name="form_remove"),
    # Preparation
    path("secretariat/appels/", preparation.preparation_list, name="preparation_list"),
    path("secretariat/appels/calendrier/", calendar.calendar, name="calendar"),
    # A new call
    path("secretariat/appels/nouveau/", beginnings.new_call, name="new"),
    path("secretariat/appels/nouveau/vierge/", preparation.prepare_call, name="prepare"),
    path("secretariat/appels/nouveau/modeles/", beginnings.call_templates, name="call_templates"),
    path(
        "secretariat/appels/nouveau/modeles/<slug:name>/",
        beginnings.begin_from_template,
        name="begin_from_template",
    ),
    path("secretariat/appels/nouveau/copier/", beginnings.copy_call, name="copy"),
    path("secretariat/appels/nouveau/importer/", beginnings.import_call, name="import"),
    path("secretariat/appels/<slug:slug>/export.zip", beginnings.export_call, name="export"),
    # The call in preparation
    path("secretariat/appels/<slug:slug>/", preparation.preparation, name="preparation"),
    path("secretariat/appels/<slug:slug>/etapes/<slug:step>/", editor.edit_step, name="step"),
    path("secretariat/appels/<slug:slug>/apercu/", preview.preview, name="preview"),
    path("secretariat/appels/<slug:slug>/controle/", form_report.form_report, name="form_report"),
    path("secretariat/appels/<slug:slug>/documents/", preparation.add_document, name="add_document"),
    path(
        "secretariat/appels/<slug:slug>/documents/<int:pk>/retirer/",
        preparation.remove_document,
        name="remove_document",
    ),
    path("secretariat/appels/<slug:slug>/reporter/", preparation.postpone_deadline, name="postpone"),
    # Publication
    path("secretariat/appels/<slug:slug>/soumettre/", publication.submit_call, name="submit"),
    path("secretariat/appels/<slug:slug>/renvoyer/", publication.return_call, name="return"),
    path("secretariat/appels/<slug:slug>/publier/", publication.publish_call, name="publish"),
    path("secretariat/appels/<slug:slug>/reprendre/", publication.take_back, name="take_back"),
    path(
        "secretariat/appels/<slug:slug>/correction-formulaire/",
        form_correction.form_correction,
        name="form_correction",
    ),
    path(
        "secretariat/appels/<slug:slug>/correction-formulaire/commencer/",
        form_correction.begin_form_correction,
        name="begin_form_correction",
    ),
    path(
        "secretariat/appels/<slug:slug>/correction-formulaire/signaler/",
        form_correction.announce_form_correction,
        name="announce_form_correction",
    ),
    path(
        "secretariat/appels/<slug:slug>/correction-formulaire/abandonner/",
        form_correction.abandon_form_correction,
        name="abandon_form_correction",
    ),
    path("secretariat/appels/<slug:slug>/corrections/", corrections.publish_correction, name="corrections"),
]
