"""The addresses of the committee: its sessions, prepared by the secretariat and held by its members."""

from django.urls import path

from selection.views import (
    agenda,
    annex,
    attendance,
    board,
    committee,
    committees,
    deciding,
    evidence,
    items,
    letter_wordings,
    letters,
    meeting,
    minutes,
    reading,
    scenarios,
    simulator,
)

urlpatterns = [
    path("secretariat/seances/<int:pk>/classement/", agenda.ranked, name="ranking"),
    path("secretariat/seances/<int:pk>/classement/par-note/", agenda.rank_items, name="rank_items"),
    path(
        "secretariat/seances/<int:pk>/dossiers/<slug:reference>/deplacer/", agenda.move_item, name="move_item"
    ),
    path("secretariat/seances/<int:pk>/livre/", agenda.frozen_books, name="frozen_books"),
    path("secretariat/seances/<int:pk>/livre/<int:number>/", agenda.frozen_book, name="frozen_book"),
    path(
        "secretariat/seances/<int:pk>/livre/<int:number>.pdf", agenda.frozen_book_pdf, name="frozen_book_pdf"
    ),
    path("secretariat/seances/", committee.sessions, name="sessions"),
    path("secretariat/seances/nouvelle/", committee.convene, name="convene"),
    path(
        "secretariat/seances/<int:pk>/dossiers/<slug:reference>/retirer/",
        committee.remove_from_agenda,
        name="remove",
    ),
    path("secretariat/seances/<int:pk>/ouvrir/", committee.open_session, name="open_session"),
    path(
        "comite/seances/<int:pk>/dossiers/<slug:reference>/avis/<int:file_pk>/",
        items.opinion_file,
        name="committee_opinion_file",
    ),
    # What a session says of itself, and its documents
    path("secretariat/seances/<int:pk>/modifier/", meeting.change_session, name="change_session"),
    path("secretariat/seances/<int:pk>/documents/", meeting.session_documents, name="session_documents"),
    path(
        "secretariat/seances/<int:pk>/documents/<int:document_pk>/retirer/",
        meeting.remove_document,
        name="remove_session_document",
    ),
    path("comite/seances/<int:pk>/documents/<int:document_pk>/", meeting.document, name="session_document"),
    # The secretariat's annex, and its scenarios
    path("secretariat/seances/<int:pk>/annexe/", annex.annex, name="annex"),
    path("secretariat/seances/<int:pk>/simulateur/", simulator.simulate, name="simulator"),
    path("secretariat/seances/<int:pk>/scenarios/", scenarios.listed, name="scenarios"),
    path("secretariat/seances/<int:pk>/scenarios/comparer/", scenarios.compare, name="compare_scenarios"),
    path("secretariat/seances/<int:pk>/scenarios/<int:scenario_pk>/", scenarios.scenario, name="scenario"),
    path(
        "secretariat/seances/<int:pk>/scenarios/<int:scenario_pk>/renommer/",
        scenarios.rename,
        name="rename_scenario",
    ),
    path(
        "secretariat/seances/<int:pk>/scenarios/<int:scenario_pk>/supprimer/",
        scenarios.delete,
        name="delete_scenario",
    ),
    path(
        "secretariat/seances/<int:pk>/scenarios/<int:scenario_pk>/presenter/",
        scenarios.present,
        name="present_scenario",
    ),
    path("comite/seances/<int:pk>/scenarios/", scenarios.presented, name="presented_scenarios"),
    # Committees and seats
    path("secretariat/comites/", committees.committees, name="committees"),
    path("secretariat/comites/nouveau/", committees.new_committee, name="new_committee"),
    path("secretariat/comites/<int:pk>/", committees.committee, name="committee_detail"),
    path("secretariat/comites/<int:pk>/modifier/", committees.change_committee, name="change_committee"),
    path("secretariat/comites/<int:pk>/sieges/nouveau/", committees.new_seat, name="new_seat"),
    path("secretariat/comites/<int:pk>/sieges/<int:seat_pk>/", committees.seat, name="seat"),
    path("secretariat/comites/<int:pk>/sieges/<int:seat_pk>/fin/", committees.end_seat, name="end_seat"),
    # Attendance and statements of interests
    path("comite/seances/<int:pk>/presences/", attendance.attendance, name="attendance"),
    path(
        "comite/seances/<int:pk>/presences/<int:seat_pk>/declaration/",
        attendance.state_interests,
        name="state_interests",
    ),
    path("comite/seances/<int:pk>/presences/<int:seat_pk>/lien/", attendance.declare_tie, name="declare_tie"),
    path("comite/seances/<int:pk>/presences/<int:seat_pk>/depart/", attendance.mark_left, name="mark_left"),
    path("comite/seances/<int:pk>/presences/<int:seat_pk>/retour/", attendance.mark_back, name="mark_back"),
    path("comite/seances/<int:pk>/liens/<int:declaration_pk>/", attendance.settle_tie, name="settle_tie"),
    path(
        "comite/seances/<int:pk>/dossiers/<slug:reference>/deport/",
        attendance.recuse_from_item,
        name="recuse_from_item",
    ),
    # The committee
    path("comite/", committee.committee, name="committee"),
    path("comite/seances/<int:pk>/", committee.session, name="session"),
    path("comite/seances/<int:pk>/reveler/", committee.reveal_all, name="reveal_all"),
    path("comite/seances/<int:pk>/ouvrir-les-votes/", committee.open_all_votes, name="open_all_votes"),
    path("comite/seances/<int:pk>/clore/", committee.close_session, name="close_session"),
    path("comite/seances/<int:pk>/livre/", committee.book, name="book"),
    path("comite/seances/<int:pk>/livre.pdf", committee.book_pdf, name="book_pdf"),
    path("comite/seances/<int:pk>/dossiers/<slug:reference>/", items.item, name="item"),
    # Reading
    path("comite/seances/<int:pk>/dossiers/<slug:reference>/lecture/", reading.mark_read, name="mark_read"),
    path("comite/seances/<int:pk>/dossiers/<slug:reference>/notes/", reading.write_note, name="write_note"),
    path(
        "comite/seances/<int:pk>/dossiers/<slug:reference>/notes/brouillon/",
        reading.autosave_note,
        name="autosave_note",
    ),
    path("comite/seances/<int:pk>/dossiers/<slug:reference>/reveler/", items.reveal, name="reveal"),
    # Votes and decisions
    path("comite/seances/<int:pk>/dossiers/<slug:reference>/vote/", deciding.vote, name="vote"),
    path(
        "comite/seances/<int:pk>/dossiers/<slug:reference>/ouvrir-le-vote/",
        deciding.open_vote,
        name="open_vote",
    ),
    path(
        "comite/seances/<int:pk>/dossiers/<slug:reference>/clore-le-vote/",
        deciding.close_vote,
        name="close_vote",
    ),
    path(
        "comite/seances/<int:pk>/dossiers/<slug:reference>/consensus/",
        deciding.note_consensus,
        name="note_consensus",
    ),
    path("comite/seances/<int:pk>/dossiers/<slug:reference>/renvoi/", deciding.put_off, name="put_off"),
    path("comite/seances/<int:pk>/dossiers/<slug:reference>/decision/", deciding.decide, name="decide"),
    path(
        "comite/seances/<int:pk>/dossiers/<slug:reference>/decision/corriger/",
        deciding.correct,
        name="correct_decision",
    ),
    # The evidence of a session
    path("secretariat/seances/<int:pk>/preuves/", evidence.evidence, name="evidence"),
    path("secretariat/seances/<int:pk>/preuves/dossier.zip", evidence.evidence_file, name="evidence_file"),
    # Letters
    path("secretariat/seances/<int:pk>/lettres/", letters.letter_list, name="letters"),
    path("secretariat/seances/<int:pk>/lettres/preparer/", letters.prepare_letters, name="prepare_letters"),
    path("secretariat/seances/<int:pk>/lettres/envoyer/", letters.send_letters, name="send_letters"),
    path(
        "secretariat/seances/<int:pk>/lettres/<slug:reference>/",
        letters.decision_letter,
        name="decision_letter",
    ),
    path(
        "secretariat/seances/<int:pk>/lettres/<slug:reference>/<int:number>/",
        letters.letter_file,
        name="letter_file",
    ),
    path(
        "secretariat/seances/<int:pk>/lettres/<slug:reference>/<int:number>.pdf",
        letters.letter_file_pdf,
        name="letter_file_pdf",
    ),
    path("secretariat/lettres/<slug:slug>/", letter_wordings.wordings, name="letter_wordings"),
    path(
        "secretariat/lettres/<slug:slug>/<slug:outcome>/",
        letter_wordings.change_wording,
        name="change_letter_wording",
    ),
    path("dossiers/<slug:key>/decisions/<int:letter_pk>/", letters.carrier_decision, name="carrier_decision"),
    path(
        "dossiers/<slug:key>/decisions/<int:letter_pk>/lettre/",
        letters.carrier_decision_file,
        name="carrier_decision_file",
    ),
    path(
        "dossiers/<slug:key>/decisions/<int:letter_pk>/lettre.pdf",
        letters.carrier_decision_pdf,
        name="carrier_decision_pdf",
    ),
    # Minutes
    path("comite/seances/<int:pk>/releve/", minutes.minutes, name="minutes"),
    path("comite/seances/<int:pk>/releve/produire/", minutes.produce, name="produce_minutes"),
    path("comite/seances/<int:pk>/releve/corriger/", minutes.correct, name="correct_minutes"),
    path("comite/seances/<int:pk>/releve/versions/<int:number>/", minutes.version, name="minutes_version"),
    path("comite/seances/<int:pk>/releve/signer/", minutes.sign, name="sign_minutes"),
    path("comite/seances/<int:pk>/releve/signer/code/", minutes.send_code, name="send_signing_code"),
    path(
        "comite/seances/<int:pk>/releve/retirer-ma-signature/",
        minutes.withdraw_signature,
        name="withdraw_signature",
    ),
    path("comite/seances/<int:pk>/releve/signe/", minutes.minutes_file, name="minutes_file"),
    path("comite/seances/<int:pk>/releve/signe.pdf", minutes.minutes_pdf, name="minutes_pdf"),
    path("comite/seances/<int:pk>/releve/signe.json", minutes.minutes_json, name="minutes_json"),
    # The deliberation board
    path("comite/seances/<int:pk>/tableau/", board.board, name="board"),
    path("comite/seances/<int:pk>/tableau/direct/", board.board_live, name="board_live"),
    path("comite/seances/<int:pk>/conduite/", board.conduct, name="conduct"),
    path("comite/seances/<int:pk>/conduite/direct/", board.conduct_live, name="conduct_live"),
    path("comite/seances/<int:pk>/conduite/montrer/", board.show_item, name="show_nothing"),
    path("comite/seances/<int:pk>/conduite/montrer/<slug:reference>/", board.show_item, name="show_item"),
    path("comite/seances/<int:pk>/conduite/minuteur/", board.start_timer, name="start_timer"),
    path("comite/seances/<int:pk>/conduite/minuteur/arreter/", board.stop_timer, name="stop_timer"),
    path("comite/seances/<int:pk>/conduite/<slug:reference>/<slug:step>/", board.take_step, name="take_step"),
]
