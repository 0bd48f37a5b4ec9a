"""Every address, for every kind of user: the answer is declared here, and nothing else may happen.

The world: fund A has an open call, a draft call, dossiers, a session and an announcement under embargo. Each kind
of user holds a role in fund A, except `stranger` (who holds every role in fund B) and `recused` (an officer of
fund A recused from the dossier). An address missing from the table fails the test.
"""

import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.template import engines
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from applications.actions import file_application
from applications.models import Attachment, Recusal
from calls.models import FundRole
from documents import storage
from documents.models import Incoming, ProducedDocument
from journal.models import Entry, OutgoingEmail
from selection.access import book_key
from selection.actions import batches, desk, message_templates, succession
from selection.models import (
    AgendaItem,
    Case,
    CommitteeBook,
    CommitteeSession,
    Export,
    LaureateChange,
    SavedView,
)
from selection.press_kit.keys import KINDS as KIT_KINDS
from selection.press_kit.keys import key_of
from tests import factories
from tests.selection import announcement_factories, conflicts_factories
from tests.selection.annex_factories import scenario_of
from tests.selection.hearing_factories import hearing_slot
from tests.selection.letter_factories import ended, opened_letter
from tests.selection.minutes_factories import minutes_of, signed_by_both
from tests.selection.opinion_factories import opinion_asked, opinion_given, token_in

KINDS = [
    "anonymous", "nobody", "stranger", "contributor", "certifier", "officer", "recused", "head", "auditor",
    "member", "chair", "admin", "expert",
]  # fmt: skip

OK, SEEN, BAD, NO, HIDDEN, LATE, METHOD, SIGN_IN = 200, 302, 400, 403, 404, 409, 405, "sign-in"
NOT_SIGNED_IN = 401  # what a page's script is told


def everyone(status):
    return dict.fromkeys(KINDS, status)


def signed_in(status, **others):
    return {**everyone(status), "anonymous": SIGN_IN, **others}


def only(*kinds, ok=OK, otherwise=HIDDEN, **others):
    """`ok` for these kinds, `otherwise` for the other signed-in ones."""
    return signed_in(otherwise, **dict.fromkeys(kinds, ok), **others)


PUBLIC = everyone(OK)
SECRETARIAT = ("officer", "recused", "head")
READERS = ("officer", "head", "auditor")
CARRIER = ("contributor", "certifier")
FUND_READERS = (*SECRETARIAT, "auditor")
COMMITTEE = ("member", "chair")
LEADERS = (*SECRETARIAT, "chair")

# name of the address → (keys of its arguments in the world, answers to GET, answers to POST).
# A `None` stands for « not allowed by this method », the same for everyone who is signed in.
ADDRESSES = {
    "front:home": ([], PUBLIC, everyone(METHOD)),
    "front:accessibility": ([], PUBLIC, everyone(METHOD)),
    "front:legal": ([], PUBLIC, everyone(METHOD)),
    "front:privacy": ([], PUBLIC, everyone(METHOD)),
    # The hall
    "front:cookies": ([], PUBLIC, everyone(METHOD)),
    "front:site_plan": ([], PUBLIC, everyone(METHOD)),
    "front:survey": ([], PUBLIC, PUBLIC),
    "front:survey_thanks": ([], PUBLIC, everyone(METHOD)),
    "front:survey_results": ([], PUBLIC, everyone(METHOD)),
    "front:alive": ([], PUBLIC, everyone(METHOD)),
    "front:ready": ([], PUBLIC, everyone(METHOD)),
    "front:desk": ([], signed_in(OK), signed_in(METHOD)),
    # Open data, and what programs read
    "front:dataset_list": ([], PUBLIC, everyone(METHOD)),
    "front:dataset": (["dataset"], PUBLIC, everyone(METHOD)),
    "front:dataset_file": (["dataset", "extension"], PUBLIC, everyone(METHOD)),
    "front:dataset_checksum": (["dataset", "extension"], PUBLIC, everyone(METHOD)),
    "front:dataset_schema": (["dataset"], PUBLIC, everyone(METHOD)),
    "front:dataset_validation": (["dataset"], PUBLIC, everyone(METHOD)),
    "front:dataset_rejected": (["dataset"], PUBLIC, everyone(METHOD)),
    "front:calls_feed": ([], PUBLIC, everyone(METHOD)),
    "front:announcements_feed": ([], PUBLIC, everyone(METHOD)),
    "front:calendar": ([], PUBLIC, everyone(METHOD)),
    "front:sitemap": ([], PUBLIC, everyone(METHOD)),
    "front:sitemap_section": (["sitemap_section"], PUBLIC, everyone(METHOD)),
    "front:robots": ([], PUBLIC, everyone(METHOD)),
    "front:api_documentation": ([], PUBLIC, everyone(METHOD)),
    "api:openapi-json": ([], PUBLIC, everyone(METHOD)),
    "api:funds": ([], PUBLIC, everyone(METHOD)),
    "api:fund": (["fund_slug"], PUBLIC, everyone(METHOD)),
    "api:calls": ([], PUBLIC, everyone(METHOD)),
    "api:call": (["call"], PUBLIC, everyone(METHOD)),
    "api:laureates": ([], PUBLIC, everyone(METHOD)),
    "api:laureate": (["laureate"], everyone(HIDDEN), everyone(METHOD)),
    "api:announcements": ([], PUBLIC, everyone(METHOD)),
    "api:announcement": (["announcement"], everyone(HIDDEN), everyone(METHOD)),
    "api:api-root": ([], everyone(HIDDEN), everyone(METHOD)),
    "api:nothing_here": ([], everyone(HIDDEN), everyone(METHOD)),
    "demo:emails": ([], PUBLIC, everyone(METHOD)),
    "demo:email": (["email"], PUBLIC, everyone(METHOD)),
    "accounts:sign_in": ([], {**everyone(SEEN), "anonymous": OK}, {**everyone(SEEN), "anonymous": OK}),
    "accounts:sign_out": ([], signed_in(METHOD), signed_in(SEEN)),
    # Subscriptions
    "calls:subscribe": ([], PUBLIC, PUBLIC),
    "calls:subscription_requested": ([], PUBLIC, everyone(METHOD)),
    "calls:confirm_subscription": (["subscription_request"], PUBLIC, everyone(SEEN)),
    "calls:subscription": (["subscription"], PUBLIC, PUBLIC),
    "calls:unsubscribe": (["subscription"], PUBLIC, PUBLIC),
    # Search
    "front:search": ([], PUBLIC, everyone(METHOD)),
    # Funds
    "calls:funds": ([], PUBLIC, everyone(METHOD)),
    "calls:fund": (["fund_slug"], PUBLIC, everyone(METHOD)),
    # Calls
    "calls:list": ([], PUBLIC, everyone(METHOD)),
    "calls:detail": (["call"], PUBLIC, everyone(METHOD)),
    "calls:document": (["call", "document"], PUBLIC, everyone(METHOD)),
    # The form builder
    "calls:form_builder": (["draft_call"], only(*SECRETARIAT, auditor=NO), signed_in(METHOD)),
    "calls:form_template": (["draft_call"], signed_in(METHOD), only(*SECRETARIAT, ok=SEEN, auditor=NO)),
    "calls:form_move": (["draft_call"], signed_in(METHOD), only(*SECRETARIAT, ok=LATE, auditor=NO)),
    "calls:form_section_add": (
        ["draft_call"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, auditor=NO),
    ),
    "calls:form_section": (
        ["draft_call", "section"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, auditor=NO),
    ),
    "calls:form_question_add": (
        ["draft_call", "section"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, auditor=NO),
    ),
    "calls:form_question": (
        ["draft_call", "form_question"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, auditor=NO),
    ),
    "calls:form_check_add": (["draft_call"], only(*SECRETARIAT, auditor=NO), only(*SECRETARIAT, auditor=NO)),
    "calls:form_check": (
        ["draft_call", "form_check"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, auditor=NO),
    ),
    "calls:form_condition": (
        ["draft_call", "form_piece", "form_question"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, auditor=NO),
    ),
    "calls:form_place": (
        ["draft_call", "form_piece", "form_question"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "calls:form_copy": (
        ["draft_call", "form_piece", "form_question"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "calls:form_remove": (
        ["draft_call", "form_piece", "form_question"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "calls:preparation_list": ([], only(*SECRETARIAT, "stranger", otherwise=NO), signed_in(METHOD)),
    "calls:prepare": ([], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    # A new call
    "calls:new": ([], only(*SECRETARIAT, "stranger", otherwise=NO), signed_in(METHOD)),
    "calls:call_templates": ([], only(*SECRETARIAT, "stranger", otherwise=NO), signed_in(METHOD)),
    "calls:begin_from_template": (["call_template"], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    "calls:copy": ([], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    "calls:import": ([], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    "calls:export": (["draft_call"], only(*SECRETARIAT, auditor=NO), signed_in(METHOD)),
    # The call in preparation
    "calls:preparation": (["draft_call"], only(*SECRETARIAT, auditor=NO), signed_in(METHOD)),
    "calls:step": (["draft_call", "step"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:add_document": (["draft_call"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:remove_document": (
        ["draft_call", "draft_document"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    # Publication
    "calls:submit": (
        ["draft_call"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, ok=LATE, auditor=NO),
    ),
    "calls:return": (["submitted_call"], *[only("head", officer=NO, recused=NO, auditor=NO)] * 2),
    "calls:publish": (["submitted_call"], *[only("head", officer=NO, recused=NO, auditor=NO)] * 2),
    "calls:form_correction": (
        ["call"],
        only(*SECRETARIAT, otherwise=NO),
        only(*SECRETARIAT, ok=LATE, otherwise=NO),
    ),
    "calls:begin_form_correction": (
        ["call"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, otherwise=NO),
    ),
    "calls:announce_form_correction": (
        ["call"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=LATE, otherwise=NO),
    ),
    "calls:abandon_form_correction": (
        ["call"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=LATE, otherwise=NO),
    ),
    "calls:take_back": (
        ["submitted_call"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    # The form tried and judged, the calendar
    "calls:calendar": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "calls:preview": (["draft_call"], *[only(*FUND_READERS)] * 2),
    "calls:form_report": (["draft_call"], only(*FUND_READERS), signed_in(METHOD)),
    "calls:postpone": (["call"], *[only(*SECRETARIAT, otherwise=NO)] * 2),
    # Questions
    "calls:questions": (["call"], PUBLIC, everyone(METHOD)),
    "calls:ask": (["call"], PUBLIC, PUBLIC),
    "calls:question_list": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "calls:question": (["question"], only(*FUND_READERS), only(*SECRETARIAT, auditor=NO)),
    "calls:questions_end": (["call"], *[only(*SECRETARIAT, otherwise=NO)] * 2),
    "calls:set_aside": (["question"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    # A call's page: its form, its corrections, whom it fits
    "calls:form": (["call"], PUBLIC, everyone(SEEN)),
    "calls:form_pdf": (["call"], PUBLIC, everyone(METHOD)),
    "calls:eligibility": (["call"], PUBLIC, everyone(METHOD)),
    "calls:eligibility_of_all": ([], PUBLIC, everyone(METHOD)),
    "calls:corrections": (["call"], *[only(*SECRETARIAT, otherwise=NO)] * 2),
    # Events
    "calls:events": ([], PUBLIC, everyone(METHOD)),
    "calls:event": (["event"], PUBLIC, everyone(METHOD)),
    "calls:event_ics": (["event"], PUBLIC, everyone(METHOD)),
    "calls:register": (["event"], PUBLIC, PUBLIC),
    "calls:registration": (["registration_key"], PUBLIC, everyone(SEEN)),
    "calls:event_file": (
        ["past_event", "event_file"],
        {**everyone(HIDDEN), **dict.fromkeys(FUND_READERS, OK)},
        everyone(METHOD),
    ),
    "calls:event_desk": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "calls:prepare_event": ([], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    "calls:event_preparation": (["event"], only(*FUND_READERS), signed_in(METHOD)),
    "calls:change_event": (["event"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:event_rows": (["event", "event_part"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:publish_event": (["draft_event"], signed_in(METHOD), only(*SECRETARIAT, ok=SEEN, auditor=NO)),
    "calls:cancel_event": (["event"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:attendance": (["past_event"], only(*FUND_READERS), only(*SECRETARIAT, ok=SEEN, auditor=NO)),
    "calls:attendance_csv": (["event"], only(*FUND_READERS), signed_in(METHOD)),
    "calls:write_report": (["past_event"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:publish_report": (["past_event"], signed_in(METHOD), only(*SECRETARIAT, ok=SEEN, auditor=NO)),
    "calls:add_picture": (["past_event"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:add_event_document": (["past_event"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "calls:remove_event_file": (
        ["past_event", "event_file"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    # The carrier
    "applications:list": ([], signed_in(OK), signed_in(METHOD)),
    "applications:create": (["call"], *[only(*CARRIER, "stranger", otherwise=NO)] * 2),
    # Re-use
    "applications:import": ([], *[only(*CARRIER, "stranger", otherwise=NO)] * 2),
    "applications:clone": (["dossier"], only(*CARRIER), only(*CARRIER)),
    "applications:export": (["dossier"], only(*CARRIER), signed_in(METHOD)),
    "applications:detail": (["dossier"], only(*CARRIER), signed_in(METHOD)),
    "applications:identity": (["dossier"], *[only(*CARRIER)] * 2),
    "applications:section": (["dossier", "section"], *[only(*CARRIER)] * 2),
    # Writing a section together
    "applications:autosave": (
        ["dossier", "section"],
        everyone(METHOD),
        {**only(*CARRIER, ok=LATE), "anonymous": NOT_SIGNED_IN},
    ),
    "applications:autosave_table": (
        ["dossier", "money"],
        everyone(METHOD),
        {**only(*CARRIER), "anonymous": NOT_SIGNED_IN},
    ),
    "applications:presence": (["dossier"], everyone(METHOD), {**only(*CARRIER), "anonymous": NOT_SIGNED_IN}),
    "applications:section_history": (["dossier", "section"], only(*CARRIER), signed_in(METHOD)),
    "applications:section_version": (
        ["dossier", "section", "section_version"],
        only(*CARRIER),
        only(*CARRIER, ok=LATE),
    ),
    # Tables
    "applications:table_figures": (["dossier", "money"], signed_in(METHOD), only(*CARRIER)),
    "applications:table_export": (["dossier", "money"], only(*CARRIER), signed_in(METHOD)),
    "applications:table_template": (["dossier", "money"], only(*CARRIER), signed_in(METHOD)),
    "applications:table_import": (["dossier", "money"], *[only(*CARRIER)] * 2),
    "applications:attachment": (["dossier", "attachment"], only(*CARRIER), signed_in(METHOD)),
    # Files
    "applications:change_attachment": (["dossier", "attachment"], *[only(*CARRIER)] * 2),
    "applications:version": (["dossier", "attachment", "version"], only(*CARRIER), signed_in(METHOD)),
    "applications:move_attachment": (["dossier", "attachment"], signed_in(METHOD), only(*CARRIER, ok=HIDDEN)),
    "applications:detach": (["dossier", "attachment"], only(*CARRIER), only(*CARRIER, ok=SEEN)),
    "applications:preview": (["dossier", "attachment"], only(*CARRIER), signed_in(METHOD)),
    "applications:preview_page": (
        ["dossier", "attachment", "page"],
        only(*CARRIER, ok=HIDDEN),
        signed_in(METHOD),
    ),
    "applications:begin_upload": (["dossier"], signed_in(METHOD), only(*CARRIER, ok=BAD)),
    "applications:upload": (["dossier", "incoming"], only("contributor"), signed_in(METHOD)),
    "applications:finish_upload": (["dossier", "incoming"], signed_in(METHOD), only("contributor", ok=LATE)),
    "applications:abandon_upload": (["dossier", "incoming"], signed_in(METHOD), only("contributor", ok=SEEN)),
    # End of files
    "applications:visa": (["dossier"], only(*CARRIER), only(*CARRIER, ok=SEEN)),
    "applications:return": (["dossier"], *[only("certifier", ok=LATE, contributor=NO)] * 2),
    "applications:file": (
        ["dossier"],
        only("certifier", contributor=NO),
        only("certifier", ok=SEEN, contributor=NO),
    ),
    "applications:take_back": (["filed"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    "applications:withdraw": (["dossier"], *[only(*CARRIER)] * 2),
    # What is missing, who does what, visa and what was filed
    "applications:completeness": (["dossier"], only(*CARRIER), signed_in(METHOD)),
    "applications:owners": (["dossier"], only(*CARRIER), only(*CARRIER, ok=SEEN)),
    "applications:settle_remark": (["dossier", "remark"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    "applications:proofread": (["dossier"], only(*CARRIER), signed_in(METHOD)),
    "applications:filed": (["filed"], only(*CARRIER), signed_in(METHOD)),
    "applications:submission": (["filed", "revision"], only(*CARRIER), signed_in(METHOD)),
    "applications:difference": (["filed", "revision", "revision"], only(*CARRIER), signed_in(METHOD)),
    "applications:submission_document": (
        ["filed", "revision", "document_name"],
        only(*CARRIER),
        only(*CARRIER, ok=SEEN),
    ),
    "applications:submission_download": (
        ["filed", "revision", "document_name"],
        only(*CARRIER),
        signed_in(METHOD),
    ),
    "applications:file_by_hash": (["dossier", "sha256"], only(*CARRIER), signed_in(METHOD)),
    "applications:document": (["filed", "document_name"], only(*CARRIER), only(*CARRIER, ok=SEEN)),
    "applications:download": (["filed", "document_name"], only(*CARRIER), signed_in(METHOD)),
    # The team
    "accounts:notices": ([], signed_in(OK), signed_in(OK)),
    "accounts:delegations": ([], signed_in(OK), only("certifier", "stranger", otherwise=NO)),
    "accounts:revoke_delegation": (["delegation"], signed_in(METHOD), only("certifier", ok=SEEN)),
    "applications:accept_invitation": (["invitation_token"], *[{**everyone(NO), "anonymous": OK}] * 2),
    "applications:team": (["dossier"], only(*CARRIER), signed_in(METHOD)),
    "applications:invite": (["dossier"], *[only(*CARRIER)] * 2),
    "applications:leave": (
        ["dossier"],
        only("contributor", certifier=NO),
        only("contributor", ok=SEEN, certifier=NO),
    ),
    "applications:change_role": (["dossier", "colleague"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    "applications:remove_collaborator": (["dossier", "colleague"], only(*CARRIER), only(*CARRIER, ok=SEEN)),
    "applications:alert_certifiers": (["dossier"], signed_in(METHOD), only(*CARRIER, ok=LATE)),
    "applications:resend_invitation": (["dossier", "invited"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    "applications:withdraw_invitation": (["dossier", "invited"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    # Exchanges with the secretariat
    "applications:messages": (["filed"], *[only(*CARRIER)] * 2),
    "applications:messages_read": (["filed"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    "applications:message_file": (["filed", "message", "message_file"], only(*CARRIER), signed_in(METHOD)),
    "selection:messages": (["reference"], only(*READERS), only("officer", "head", auditor=NO)),
    "selection:messages_read": (["reference"], signed_in(METHOD), only(*READERS, ok=SEEN)),
    "selection:message_file": (
        ["reference", "case_message", "case_message_file"],
        only(*READERS),
        signed_in(METHOD),
    ),
    "applications:clarification": (["clarified"], only(*CARRIER), only("certifier", ok=LATE, contributor=NO)),
    "applications:hand_over": (["clarified"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    "selection:clarify": (["reference"], only(*READERS), only("officer", "head", auditor=NO)),
    "selection:extend_clarification": (
        ["clarified_reference"],
        *[only("officer", "head", auditor=NO)] * 2,
    ),
    "selection:call_off_clarification": (
        ["clarified_reference"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO),
    ),
    # Support before filing
    "applications:support": (["dossier"], only(*CARRIER), only(*CARRIER)),
    "applications:close_support": (["supported_dossier"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    "applications:support_desk": ([], only(*SECRETARIAT, "stranger", otherwise=NO), signed_in(METHOD)),
    "applications:supported": (["support"], only("officer", "head"), signed_in(METHOD)),
    "applications:take_charge": (["support"], signed_in(METHOD), only("officer", "head", ok=SEEN)),
    "applications:comment_draft": (["support"], signed_in(METHOD), only("officer", "head")),
    "applications:propose": (["support"], signed_in(METHOD), only("officer", "head")),
    "applications:close_supported": (["support"], signed_in(METHOD), only("officer", "head", ok=SEEN)),
    "applications:supported_file": (["support", "sha256"], only("officer", "head"), signed_in(METHOD)),
    "applications:draft_counts": (["call"], only(*FUND_READERS, otherwise=NO), signed_in(METHOD)),
    "selection:difference": (["reference", "revision", "revision"], only(*READERS), signed_in(METHOD)),
    "selection:follow": (["clarified"], only(*CARRIER), signed_in(METHOD)),
    # Radar, meetings, comparison
    "selection:compare": (
        [],
        only(*FUND_READERS, "stranger", otherwise=NO),
        only(*FUND_READERS, "stranger", ok=SEEN, otherwise=NO),
    ),
    "selection:similar": (["reference"], only(*READERS), signed_in(METHOD)),
    "selection:suggest_meeting": (
        ["reference", "clarified_reference"],
        *[only("officer", "head", auditor=NO)] * 2,
    ),
    "selection:call_off_meeting": (
        ["reference", "meeting"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO),
    ),
    "selection:similar_to_draft": (["support"], only("officer", "head"), signed_in(METHOD)),
    "selection:meetings": (["clarified"], only(*CARRIER), signed_in(METHOD)),
    "selection:answer_meeting": (["clarified", "meeting"], signed_in(METHOD), only(*CARRIER, ok=SEEN)),
    # The secretariat
    # The secretariat's door, and its pages of a call
    "selection:door": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:failed_documents": (
        [],
        only(*SECRETARIAT, "stranger", otherwise=NO),
        only(*SECRETARIAT, "stranger", ok=HIDDEN, otherwise=NO),  # none has failed
    ),
    "selection:dashboard": (["call"], only(*FUND_READERS), signed_in(METHOD)),
    "selection:statistics": (["call"], only(*FUND_READERS), signed_in(METHOD)),
    "selection:statistics_document": (["call"], only(*FUND_READERS), only(*FUND_READERS, ok=SEEN)),
    "selection:statistics_pdf": (["call"], only(), signed_in(METHOD)),  # none is made
    "selection:exports": (["call"], only(*FUND_READERS), only(*FUND_READERS)),
    "selection:export": (["call", "export"], only("auditor"), signed_in(METHOD)),
    "selection:export_file": (["call", "export"], only("auditor"), signed_in(METHOD)),
    "selection:cases": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    # Saved views
    "selection:views": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:new_view": ([], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    "selection:change_view": (["saved_view"], *[only("officer")] * 2),
    "selection:delete_view": (["saved_view"], signed_in(METHOD), only("officer", ok=SEEN)),
    "selection:case": (["reference"], only(*READERS), signed_in(METHOD)),
    "selection:eligibility": (
        ["reference"],
        only("officer", "head", auditor=NO),
        only("officer", "head", ok=LATE, auditor=NO),
    ),
    "selection:confirm_facts": (
        ["to_check"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "selection:settle_fact": (["to_check", "rule"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "selection:ineligibility": (["to_check"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "selection:letter": (["turned_down"], only(*READERS), only(*READERS, ok=SEEN)),
    "selection:letter_pdf": (["turned_down"], only(*READERS), signed_in(METHOD)),
    "selection:carrier_letter": (
        ["turned_down_dossier"],
        only(*CARRIER),
        only(*CARRIER, ok=SEEN),
    ),
    "selection:carrier_letter_pdf": (["turned_down_dossier"], only(*CARRIER), signed_in(METHOD)),
    # Review
    "selection:my_reviews": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:review": (["reference"], *[only("officer", "head", auditor=NO)] * 2),
    "selection:autosave_review": (
        ["reference"],
        everyone(METHOD),
        # The officer has a tie with this dossier that nobody settled yet.
        {**only("officer", "head", auditor=NO), "officer": LATE, "anonymous": NOT_SIGNED_IN},
    ),
    "selection:consensus": (["reference"], *[only("officer", "head", ok=LATE, auditor=NO)] * 2),
    "selection:autosave_consensus": (
        ["reference"],
        everyone(METHOD),
        {**only("officer", "head", ok=LATE, auditor=NO), "anonymous": NOT_SIGNED_IN},
    ),
    "selection:reviews": (["reference"], only(*READERS), only("officer", "head", auditor=NO)),
    "selection:unassign_reviewer": (
        ["reference", "review"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO),
    ),
    "selection:reopen_review": (
        ["reference", "review"],
        *[only("head", officer=NO, auditor=NO)] * 2,
    ),
    "selection:flags": (["reference"], only(*READERS), only("officer", "head", auditor=NO)),
    "selection:lift_flag": (["reference", "flag"], *[only("officer", "head", auditor=NO)] * 2),
    # The filed dossier
    "selection:attachment": (["reference", "sha256"], only(*READERS), signed_in(METHOD)),
    "selection:dossier": (["reference"], only(*READERS), only(*READERS, ok=SEEN)),
    "selection:dossier_pdf": (["reference"], only(*READERS), signed_in(METHOD)),
    # The secretariat's own order
    "selection:notes": (["reference"], only(*READERS), only("officer", "head", auditor=NO)),
    "selection:history": (["reference"], only(*READERS), signed_in(METHOD)),
    "selection:delete_note": (
        ["reference", "note"],
        signed_in(METHOD),
        only("officer", ok=SEEN, head=NO, auditor=NO),
    ),
    "selection:assign": (["reference"], signed_in(METHOD), only("officer", "head", ok=SEEN, auditor=NO)),
    "selection:put_label": (["reference"], signed_in(METHOD), only("officer", "head", auditor=NO)),
    "selection:remove_label": (
        ["reference", "label"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO),
    ),
    "selection:message_templates": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:new_message_template": (["fund_slug"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "selection:message_template": (["template"], only(*FUND_READERS), only(*SECRETARIAT, auditor=NO)),
    "selection:delete_message_template": (
        ["template"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "selection:batches": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:new_batch": ([], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    "selection:confirm_batch": (
        [],
        signed_in(METHOD),
        only(*SECRETARIAT, "stranger", ok=SEEN, otherwise=NO),
    ),
    "selection:batch": (["batch"], only(*READERS), signed_in(METHOD)),
    "selection:labels": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:new_label": (["fund_slug"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "selection:rename_label": (["label"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "selection:delete_label": (
        ["label"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "selection:shortlist": (
        ["call"],
        only(*SECRETARIAT, otherwise=NO),
        only(*SECRETARIAT, ok=SEEN, otherwise=NO),
    ),
    "selection:shortlist_preview": (
        ["call"],
        only(*SECRETARIAT, otherwise=NO),
        only(*SECRETARIAT, ok=LATE, otherwise=NO),
    ),
    # Hearings, of a call that has none: what would change them comes out of order
    "selection:hearings": (["call"], only(*FUND_READERS), signed_in(METHOD)),
    "selection:make_slots": (["call"], *[only(*SECRETARIAT, ok=LATE, auditor=NO)] * 2),
    "selection:slot": (["call", "slot"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "selection:remove_slot": (
        ["call", "slot"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "selection:programme": (["call", "slot_day"], only(*FUND_READERS), signed_in(METHOD)),
    "selection:hearing": (["reference"], only(*READERS), only("officer", "head", ok=LATE, auditor=NO)),
    "selection:give_slot": (
        ["reference"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO),
    ),
    "selection:cancel_hearing": (
        ["reference"],
        signed_in(METHOD),
        only("officer", "head", ok=LATE, auditor=NO),
    ),
    # Conflicts of interest
    "selection:interests": ([], *[signed_in(OK)] * 2),
    "selection:end_interest": (["interest"], signed_in(METHOD), only("officer", ok=SEEN)),
    "selection:declarations": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:settle_declaration": (
        ["declaration"],
        only(*READERS),
        only("head", officer=NO, auditor=NO),
    ),
    "selection:raise_declaration": (["reference"], *[only("officer", "head", auditor=NO)] * 2),
    "selection:recuse_oneself": (["reference"], *[only("officer", "head", auditor=NO)] * 2),
    "selection:sessions": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:convene": ([], *[only(*SECRETARIAT, "stranger", otherwise=NO)] * 2),
    "selection:ranking": (["convened"], *[only(*SECRETARIAT, auditor=NO, member=NO, chair=NO)] * 2),
    "selection:rank_items": (
        ["session"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, recused=LATE, auditor=NO, member=NO, chair=NO),
    ),
    "selection:move_item": (
        ["session", "item"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO, member=NO, chair=NO),
    ),
    "selection:frozen_books": (
        ["convened"],
        only(*FUND_READERS, member=NO, chair=NO),
        only(*SECRETARIAT, ok=LATE, auditor=NO, member=NO, chair=NO),
    ),
    "selection:frozen_book": (
        ["session", "book_number"],
        only(*READERS, member=NO, chair=NO),
        only(*READERS, ok=SEEN, member=NO, chair=NO),
    ),
    "selection:frozen_book_pdf": (
        ["session", "book_number"],
        only(*READERS, member=NO, chair=NO),
        signed_in(METHOD),
    ),
    # The evidence: the session is open yet
    "selection:evidence": (
        ["session"],
        only(*READERS, member=NO, chair=NO),
        only("officer", "head", ok=LATE, auditor=NO, member=NO, chair=NO),
    ),
    "selection:evidence_file": (
        ["session"],
        signed_in(METHOD),
        only(*READERS, ok=LATE, member=NO, chair=NO),
    ),
    "selection:remove": (
        ["session", "item"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO, member=NO, chair=NO),
    ),
    "selection:open_session": (
        ["convened"],
        signed_in(METHOD),
        only("head", ok=LATE, officer=NO, recused=NO, auditor=NO, member=NO, chair=NO),
    ),
    "selection:announcement_desk": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:prepare_announcement": (["call"], *[only(*SECRETARIAT, otherwise=NO)] * 2),
    "selection:announcement_preparation": (
        ["announcement"],
        only(*SECRETARIAT, auditor=NO),
        signed_in(METHOD),
    ),
    "selection:describe_laureate": (
        ["announcement", "laureate_pk"],
        *[only(*SECRETARIAT, ok=LATE, auditor=NO)] * 2,
    ),
    "selection:validate": (
        ["announcement"],
        signed_in(METHOD),
        only("head", ok=LATE, officer=NO, recused=NO, auditor=NO),
    ),
    "selection:return_to_draft": (
        ["announcement"],
        signed_in(METHOD),
        only("head", ok=SEEN, officer=NO, recused=NO, auditor=NO),
    ),
    "selection:schedule": (["announcement"], *[only("head", officer=NO, recused=NO, auditor=NO)] * 2),
    "selection:withdraw": (
        ["announcement"],
        only("head", officer=NO, recused=NO, auditor=NO),
        only("head", ok=SEEN, officer=NO, recused=NO, auditor=NO),
    ),
    # What surrounds an announcement, and the carriers' checks
    **{
        f"selection:{name}": (["announcement", *more], *[only(*SECRETARIAT, ok=LATE, auditor=NO)] * 2)
        for name, more in {
            "write_announcement": [],
            "announcement_figures": [],
            "add_announcement_picture": [],
            "announcement_rows": ["announcement_part"],
            "ask_checks": [],
        }.items()
    },
    **{
        f"selection:{name}": (
            ["announcement", "announcement_picture_pk"],
            signed_in(METHOD),
            only(*SECRETARIAT, ok=LATE, auditor=NO),
        )
        for name in ("remove_announcement_picture", "keep_announcement_picture")
    },
    "selection:publish_now": (
        ["announcement"],
        only("head", officer=NO, recused=NO, auditor=NO),
        only("head", ok=SEEN, officer=NO, recused=NO, auditor=NO),
    ),
    "selection:previews": (["announcement"], *[only(*SECRETARIAT, auditor=NO)] * 2),
    "selection:revoke_preview": (
        ["announcement", "preview_pk"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "selection:preview": (["preview_token"], PUBLIC, everyone(LATE)),
    "selection:preview_picture": (
        ["preview_token", "announcement_picture"],
        everyone(HIDDEN),
        everyone(METHOD),
    ),
    # The press kit by a preview
    "selection:preview_press_kit": (["preview_token"], everyone(SEEN), everyone(METHOD)),
    "selection:preview_press_kit_pdf": (["preview_token"], everyone(HIDDEN), everyone(METHOD)),
    "selection:preview_press_kit_zip": (["preview_token"], everyone(HIDDEN), everyone(METHOD)),
    "selection:announcement_picture": (
        ["announcement", "announcement_picture"],
        {**everyone(HIDDEN), **dict.fromkeys(FUND_READERS, OK)},
        everyone(METHOD),
    ),
    "selection:settle_check": (
        ["checked_announcement", "checked_laureate"],
        only(*SECRETARIAT, auditor=NO),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "selection:page_check": (["checked_dossier"], *[only(*CARRIER)] * 2),
    "selection:page_check_picture": (
        ["checked_dossier", "checked_picture"],
        only(*CARRIER),
        signed_in(METHOD),
    ),
    # After the decision
    "selection:stand_down": (["given_up_dossier"], *[only("certifier", contributor=NO)] * 2),
    "selection:withdrawals": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:withdrawal_letter": (["withdrawal"], only(*READERS), signed_in(METHOD)),
    "selection:record_withdrawal": (["given_up_reference"], *[only("officer", "head", auditor=NO)] * 2),
    "selection:promotion": (["promotion"], only(*READERS, "chair"), signed_in(METHOD)),
    "selection:validate_promotion": (["promotion"], *[only("chair", **dict.fromkeys(READERS, NO))] * 2),
    "selection:refuse_promotion": (["promotion"], *[only("chair", **dict.fromkeys(READERS, NO))] * 2),
    # What the public is told of it
    "selection:refresh_laureates": (
        ["checked_announcement"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
    "selection:prepare_change": (
        ["public_announcement", "change_kind", "changed_reference"],
        *[only("officer", "head", otherwise=NO)] * 2,
    ),
    "selection:publish_change": (["public_announcement", "change"], *[only("head", otherwise=NO)] * 2),
    "selection:call_off_change": (
        ["public_announcement", "change"],
        signed_in(METHOD),
        only("head", ok=LATE, otherwise=NO),
    ),
    # Opinions
    "selection:opinions": (["reference"], only(*READERS), signed_in(METHOD)),
    "selection:ask_opinion": (["reference"], *[only("officer", "head", auditor=NO)] * 2),
    "selection:remind_opinion": (
        ["reference", "opinion_request"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO),
    ),
    "selection:postpone_opinion": (
        ["reference", "opinion_request"],
        *[only("officer", "head", auditor=NO)] * 2,
    ),
    "selection:revoke_opinion": (
        ["reference", "opinion_request"],
        *[only("officer", "head", auditor=NO)] * 2,
    ),
    "selection:opinion_file": (["item", "opinion_file"], only(*READERS), signed_in(METHOD)),
    "selection:my_opinions": ([], signed_in(OK), signed_in(METHOD)),
    "selection:accept_opinion": (["opinion_token"], *[{**everyone(NO), "anonymous": OK}] * 2),
    "selection:opinion": (["opinion_request"], *[only("expert")] * 2),
    "selection:decline_opinion": (["opinion_request"], *[only("expert")] * 2),
    "selection:opinion_attachment": (["opinion_request", "sha256"], only("expert"), signed_in(METHOD)),
    "selection:own_opinion_file": (["given_opinion", "opinion_file"], only("expert"), signed_in(METHOD)),
    "selection:committee_opinion_file": (
        ["session", "item", "opinion_file"],
        only("officer", "head", "auditor", *COMMITTEE),
        signed_in(METHOD),
    ),
    # What a session says of itself, and its documents
    "selection:change_session": (["session"], *[only(*SECRETARIAT, auditor=NO, member=NO, chair=NO)] * 2),
    "selection:session_documents": (
        ["session"],
        *[only(*SECRETARIAT, auditor=NO, member=NO, chair=NO)] * 2,
    ),
    "selection:remove_session_document": (
        ["session", "session_document"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO, member=NO, chair=NO),
    ),
    "selection:session_document": (
        ["session", "session_document"],
        only(*FUND_READERS, *COMMITTEE),
        signed_in(METHOD),
    ),
    # The secretariat's annex, and its scenarios
    "selection:annex": (
        ["session"],
        only(*FUND_READERS, member=NO, chair=NO),
        only("officer", "head", ok=SEEN, recused=LATE, auditor=NO, member=NO, chair=NO),
    ),
    "selection:simulator": (
        ["session"],
        only(*FUND_READERS, member=NO, chair=NO),
        only(*SECRETARIAT, ok=LATE, auditor=NO, member=NO, chair=NO),
    ),
    "selection:scenarios": (["session"], only(*FUND_READERS, member=NO, chair=NO), signed_in(METHOD)),
    "selection:compare_scenarios": (
        ["session"],
        only(*FUND_READERS, ok=SEEN, member=NO, chair=NO),
        signed_in(METHOD),
    ),
    "selection:scenario": (
        ["session", "scenario"],
        only(*READERS, member=NO, chair=NO),
        signed_in(METHOD),
    ),
    "selection:rename_scenario": (
        ["session", "scenario"],
        *[only("officer", "head", auditor=NO, member=NO, chair=NO)] * 2,
    ),
    "selection:delete_scenario": (
        ["session", "scenario"],
        only("officer", "head", auditor=NO, member=NO, chair=NO),
        only("officer", "head", ok=SEEN, auditor=NO, member=NO, chair=NO),
    ),
    "selection:present_scenario": (
        ["session", "scenario"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, auditor=NO, member=NO, chair=NO),
    ),
    "selection:presented_scenarios": (
        ["session"],
        only(*FUND_READERS, *COMMITTEE),
        signed_in(METHOD),
    ),
    # Committees and seats
    "selection:committees": ([], only(*FUND_READERS, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:new_committee": ([], *[only("head", "stranger", otherwise=NO)] * 2),
    "selection:committee_detail": (["committee"], only(*FUND_READERS), signed_in(METHOD)),
    "selection:change_committee": (["committee"], *[only("head", officer=NO, recused=NO, auditor=NO)] * 2),
    "selection:new_seat": (["committee"], *[only("head", officer=NO, recused=NO, auditor=NO)] * 2),
    "selection:seat": (
        ["committee", "member_seat"],
        *[only("head", officer=NO, recused=NO, auditor=NO)] * 2,
    ),
    "selection:end_seat": (
        ["committee", "member_seat"],
        only("head", officer=NO, recused=NO, auditor=NO),
        only("head", ok=LATE, officer=NO, recused=NO, auditor=NO),
    ),
    # Attendance and statements of interests
    "selection:attendance": (["session"], only(*FUND_READERS, *COMMITTEE), signed_in(METHOD)),
    "selection:state_interests": (
        ["session", "member_seat"],
        *[only(*SECRETARIAT, *COMMITTEE, auditor=NO)] * 2,
    ),
    "selection:declare_tie": (
        ["session", "member_seat"],
        *[only(*SECRETARIAT, *COMMITTEE, auditor=NO)] * 2,
    ),
    "selection:mark_left": (
        ["session", "member_seat"],
        signed_in(METHOD),
        only(*SECRETARIAT, *COMMITTEE, ok=LATE, auditor=NO),
    ),
    "selection:mark_back": (
        ["session", "member_seat"],
        signed_in(METHOD),
        only(*SECRETARIAT, *COMMITTEE, ok=LATE, auditor=NO),
    ),
    "selection:settle_tie": (
        ["session", "tie"],
        only("officer", "head", "auditor", *COMMITTEE),
        only("chair", officer=NO, head=NO, auditor=NO, member=NO),
    ),
    "selection:recuse_from_item": (
        ["session", "item"],
        *[only(*COMMITTEE, officer=NO, head=NO, auditor=NO)] * 2,
    ),
    # The committee
    "selection:committee": ([], only(*COMMITTEE, "stranger", otherwise=NO), signed_in(METHOD)),
    "selection:session": (["session"], only(*FUND_READERS, *COMMITTEE), signed_in(METHOD)),
    "selection:book": (
        ["session"],
        only(*FUND_READERS, *COMMITTEE),
        only(*FUND_READERS, *COMMITTEE, ok=SEEN),
    ),
    "selection:book_pdf": (["session"], only(*FUND_READERS, *COMMITTEE), signed_in(METHOD)),
    "selection:item": (
        ["session", "item"],
        only("officer", "head", "auditor", *COMMITTEE),
        only(*COMMITTEE, officer=NO, head=NO, auditor=NO),
    ),
    # Reading
    "selection:mark_read": (
        ["session", "item"],
        signed_in(METHOD),
        only(*COMMITTEE, ok=SEEN, officer=NO, head=NO, auditor=NO),
    ),
    "selection:write_note": (
        ["session", "item"],
        signed_in(METHOD),
        only(*COMMITTEE, ok=SEEN, officer=NO, head=NO, auditor=NO),
    ),
    "selection:autosave_note": (
        ["session", "item"],
        everyone(METHOD),
        {**only(*COMMITTEE, officer=NO, head=NO, auditor=NO), "anonymous": NOT_SIGNED_IN},
    ),
    # Votes
    "selection:vote": (
        ["session", "voting_item"],
        signed_in(METHOD),
        only(*COMMITTEE, officer=NO, head=NO, auditor=NO),
    ),
    "selection:reveal": (
        ["session", "item"],
        signed_in(METHOD),
        only("chair", ok=LATE, officer=NO, head=NO, auditor=NO, member=NO),
    ),
    "selection:open_vote": (
        ["session", "revealed_item"],
        signed_in(METHOD),
        only("chair", ok=SEEN, officer=NO, head=NO, auditor=NO, member=NO),
    ),
    "selection:close_vote": (
        ["session", "voting_item"],
        signed_in(METHOD),
        only("chair", ok=SEEN, officer=NO, head=NO, auditor=NO, member=NO),
    ),
    "selection:decide": (
        ["session", "voted_item"],
        *[only("chair", officer=NO, head=NO, auditor=NO, member=NO)] * 2,
    ),
    "selection:put_off": (
        ["session", "voted_item"],
        *[only("chair", officer=NO, head=NO, auditor=NO, member=NO)] * 2,
    ),
    "selection:note_consensus": (
        ["session", "revealed_item"],
        *[only("chair", ok=LATE, officer=NO, head=NO, auditor=NO, member=NO)] * 2,
    ),
    "selection:correct_decision": (
        ["session", "voted_item"],
        *[only("chair", ok=LATE, officer=NO, head=NO, auditor=NO, member=NO)] * 2,
    ),
    "selection:reveal_all": (
        ["session"],
        only("chair", officer=NO, recused=NO, head=NO, auditor=NO, member=NO),
        only("chair", ok=SEEN, officer=NO, recused=NO, head=NO, auditor=NO, member=NO),
    ),
    "selection:open_all_votes": (
        ["session"],
        signed_in(METHOD),
        only("chair", ok=SEEN, officer=NO, recused=NO, head=NO, auditor=NO, member=NO),
    ),
    "selection:close_session": (
        ["session"],
        signed_in(METHOD),
        only("chair", ok=LATE, officer=NO, recused=NO, head=NO, auditor=NO, member=NO),
    ),
    # Letters
    "selection:letters": (["closed"], only(*FUND_READERS), signed_in(METHOD)),
    "selection:prepare_letters": (["closed"], signed_in(METHOD), only(*SECRETARIAT, ok=SEEN, auditor=NO)),
    "selection:send_letters": (
        ["closed"],
        *[only("head", ok=LATE, officer=NO, recused=NO, auditor=NO)] * 2,
    ),
    "selection:decision_letter": (["minuted", "lettered"], only(*READERS), signed_in(METHOD)),
    "selection:letter_file": (
        ["minuted", "lettered", "minutes_number"],
        only(*READERS),
        only("officer", "head", ok=SEEN, auditor=NO),
    ),
    "selection:letter_file_pdf": (
        ["minuted", "lettered", "minutes_number"],
        only(*READERS),
        signed_in(METHOD),
    ),
    "selection:letter_wordings": (["fund_slug"], only(*FUND_READERS), signed_in(METHOD)),
    "selection:change_letter_wording": (
        ["fund_slug", "outcome"],
        *[only(*SECRETARIAT, auditor=NO)] * 2,
    ),
    "selection:carrier_decision": (
        ["lettered_dossier", "letter"],
        only(*CARRIER),
        only(*CARRIER, ok=SEEN),
    ),
    "selection:carrier_decision_file": (
        ["lettered_dossier", "letter"],
        only(*CARRIER),
        only(*CARRIER, ok=SEEN),
    ),
    "selection:carrier_decision_pdf": (["lettered_dossier", "letter"], only(*CARRIER), signed_in(METHOD)),
    # Minutes
    "selection:minutes": (["closed"], only(*FUND_READERS, *COMMITTEE), signed_in(METHOD)),
    "selection:produce_minutes": (
        ["closed"],
        signed_in(METHOD),
        only("officer", "head", ok=SEEN, recused=LATE, auditor=NO, member=NO, chair=NO),
    ),
    "selection:correct_minutes": (["closed"], *[only("officer", "head", auditor=NO, chair=NO)] * 2),
    "selection:minutes_version": (["closed", "minutes_number"], only(*READERS, "chair"), signed_in(METHOD)),
    "selection:sign_minutes": (["closed"], *[only("officer", "head", "chair", auditor=NO)] * 2),
    "selection:send_signing_code": (
        ["closed"],
        signed_in(METHOD),
        only("officer", "head", "chair", ok=SEEN, auditor=NO),
    ),
    "selection:withdraw_signature": (["closed"], *[only(*READERS, "chair", ok=NO)] * 2),
    "selection:minutes_file": (
        ["minuted"],
        only(*READERS, *COMMITTEE),
        only(*READERS, *COMMITTEE, ok=SEEN),
    ),
    "selection:minutes_pdf": (["minuted"], only(*READERS, *COMMITTEE), signed_in(METHOD)),
    "selection:minutes_json": (["minuted"], only(*READERS, *COMMITTEE), signed_in(METHOD)),
    # The deliberation board
    "selection:board": (["session"], only(*FUND_READERS, *COMMITTEE), signed_in(METHOD)),
    "selection:board_live": (["session"], only(*FUND_READERS, *COMMITTEE), signed_in(METHOD)),
    "selection:conduct": (["session"], only(*LEADERS, auditor=NO, member=NO), signed_in(METHOD)),
    "selection:conduct_live": (["session"], only(*LEADERS, auditor=NO, member=NO), signed_in(METHOD)),
    "selection:show_nothing": (
        ["session"],
        signed_in(METHOD),
        only(*LEADERS, ok=SEEN, auditor=NO, member=NO),
    ),
    "selection:show_item": (
        ["session", "item"],
        signed_in(METHOD),
        only("officer", "head", "chair", ok=SEEN, auditor=NO, member=NO),
    ),
    "selection:start_timer": (
        ["session"],
        signed_in(METHOD),
        only(*LEADERS, ok=SEEN, auditor=NO, member=NO),
    ),
    "selection:stop_timer": (["session"], signed_in(METHOD), only(*LEADERS, ok=SEEN, auditor=NO, member=NO)),
    "selection:take_step": (
        ["session", "revealed_item", "chair_step"],
        signed_in(METHOD),
        only("chair", ok=SEEN, officer=NO, head=NO, auditor=NO, member=NO),
    ),
    # Laureates, results, press
    "selection:figures": ([], PUBLIC, everyone(METHOD)),
    "selection:press": ([], PUBLIC, everyone(METHOD)),
    "front:results": ([], PUBLIC, everyone(METHOD)),
    "front:fund_results": (["fund_slug"], PUBLIC, everyone(METHOD)),
    # What is under embargo
    "selection:laureates": ([], PUBLIC, everyone(METHOD)),
    "selection:announcements": ([], PUBLIC, everyone(METHOD)),
    "selection:laureate": (
        ["laureate"],
        {**everyone(HIDDEN), **dict.fromkeys(FUND_READERS, OK)},
        everyone(METHOD),
    ),
    "selection:announcement": (
        ["announcement"],
        {**everyone(HIDDEN), **dict.fromkeys(FUND_READERS, OK)},
        everyone(METHOD),
    ),
    # The press kit
    **dict.fromkeys(
        ["selection:press_kit", "selection:press_kit_pdf", "selection:press_kit_zip"],
        (
            ["announcement"],
            {**everyone(HIDDEN), **dict.fromkeys(FUND_READERS, OK)},
            everyone(METHOD),
        ),
    ),
    **dict.fromkeys(
        ["selection:press_kit_pdf_progress", "selection:press_kit_zip_progress"],
        (
            ["announcement"],
            {**everyone(HIDDEN), **dict.fromkeys(FUND_READERS, OK)},
            {**everyone(HIDDEN), **dict.fromkeys(SECRETARIAT, SEEN), "auditor": NO},
        ),
    ),
    "selection:order_press_kit": (
        ["announcement"],
        signed_in(METHOD),
        only(*SECRETARIAT, ok=SEEN, auditor=NO),
    ),
}


def addresses(patterns=None, namespace=""):
    """The full name of each address of the portal; the administration's own are tested apart."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from addresses(
                    pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else namespace
                )
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


def test_every_address_has_a_declared_rule():
    assert sorted(addresses()) == sorted(ADDRESSES)


@pytest.fixture
def world(db):
    return made_world()


def made_world():
    """One fund with one of everything, and one person of each kind."""
    fund = factories.FundFactory()
    call = factories.CallFactory(fund=fund, published=True)
    draft_call = factories.CallFactory(fund=fund, criteria=(50, 40), form=factories.checked_form())
    annex = storage.store([b"%PDF-1.7 annexe"], content_type="application/pdf")

    dossier = factories.complete_draft(call=call)
    attachment = attach(dossier, annex)
    former = attachment.versions.create(
        file=annex,
        name="annexe-1.pdf",
        added_at=timezone.now(),
        added_by=dossier.created_by,
        replaced_by=dossier.created_by,
    )
    coming = Incoming.objects.create(
        owner=dossier.created_by, subject_key=f"application-{dossier.pk}", name="plan.pdf", size=9
    )
    filed = factories.filed_application(
        call=call, organisation=dossier.organisation, created_by=dossier.created_by
    )
    clarified = factories.clarified_application(
        call=call, organisation=dossier.organisation, created_by=dossier.created_by
    )
    turned_down = factories.filed_application(
        call=call, organisation=dossier.organisation, created_by=dossier.created_by
    )
    factories.produced(
        "selection.ineligibility_letter", factories.taken_up(turned_down, Case.State.INELIGIBLE).pk
    )
    supported = factories.draft(call=call, organisation=dossier.organisation, created_by=dossier.created_by)
    attach(supported, annex)
    reviewed = factories.complete_draft(call=call)
    attach(reviewed, annex)
    file_application(reviewed, by=factories.certifier_of(reviewed.organisation))
    reviewed.refresh_from_db()
    case = factories.taken_up(reviewed, Case.State.ELIGIBLE)

    session = factories.committee_session(fund)
    factories.member_of(session.committee)
    convened = another_session(session, "Séance à venir")
    items = {
        state: factories.agenda_item(session, state=state, call=call) for state in AgendaItem.State.values[:4]
    }
    over = over_world(session, call, organisation=dossier.organisation, created_by=dossier.created_by)
    after = after_world(
        session, call, annex, organisation=dossier.organisation, created_by=dossier.created_by
    )
    announcement = factories.announcement_of(call, publish_at=timezone.now() + timedelta(days=1))

    persons = people(
        fund,
        dossier,
        session,
        [
            reviewed,
            clarified,
            supported,
            turned_down,
            *(item.case.application for item in [*items.values(), *over["items"], *after.pop("items")]),
        ],
    )
    book = frozen_book(session, items["scoring"], persons["officer"])
    opinions = opinions_world(persons["expert"], reviewed.case, items["scoring"], annex)
    for key in {book_key(persons[kind], session) for kind in (*FUND_READERS, *COMMITTEE)}:
        factories.produced("selection.committee_book", key)
    factories.produced("selection.committee_book", f"book/{book.pk}")
    factories.produced("calls.blank_form", call.form_versions.get().pk)
    ProducedDocument.objects.update(state="done", file=annex, pages=1, done_at=timezone.now())
    return {
        "fund": fund,
        "fund_slug": fund.slug,
        "call": call.slug,
        "document": factories.specifications(call, file=annex).pk,
        "draft_call": draft_call.slug,
        "submitted_call": factories.CallFactory(fund=fund, submitted=True).slug,
        "step": "criteres",
        "form_piece": "questions",
        "form_question": "resume",
        "form_check": "plafond",
        "draft_document": factories.specifications(draft_call, file=annex).pk,
        "dossier": dossier.key,
        "section": "projet",
        "section_version": factories.section_version(dossier, "projet").pk,
        "money": "financement",
        "attachment": attachment.pk,
        "version": former.pk,
        "incoming": coming.pk,
        "page": 1,
        "filed": filed.key,
        "revision": filed.submissions.get().revision,
        "remark": factories.remark_on(dossier).pk,
        "document_name": "accuse",
        "reference": reviewed.reference,
        "saved_view": SavedView.objects.create(fund=call.fund, owner=persons["officer"], name="Vue").pk,
        "sha256": annex.sha256,
        "session": session.pk,
        **seat_world(session, items["scoring"], persons["member"]),
        "session_document": session.documents.create(
            file=annex, name="Note.pdf", added_by=session.prepared_by
        ).pk,
        "scenario": scenario_of(session).pk,
        "convened": convened.pk,
        **hearing_world(call),
        "closed": over["closed"],
        "minuted": over["minuted"],
        "letter": over["letter"],
        **after,
        "outcome": "rejected",
        "lettered": over["items"][1].case.application.reference,
        "lettered_dossier": over["items"][1].case.application.key,
        "minutes_number": 1,
        "book_number": book.number,
        "item": items["scoring"].case.application.reference,
        "revealed_item": items["revealed"].case.application.reference,
        "voting_item": items["vote_open"].case.application.reference,
        "voted_item": items["voted"].case.application.reference,
        "chair_step": "ouvrir-le-vote",
        "announcement": announcement.slug,
        "laureate": announcement.laureates.get().slug,
        "laureate_pk": announcement.laureates.get().pk,
        **announcement_world(announcement, filed, annex),
        "email": OutgoingEmail.objects.first().pk,
        "to_check": filed.reference,
        "rule": "deadline",
        "turned_down": turned_down.reference,
        "turned_down_dossier": turned_down.key,
        "people": persons,
        **team_world(dossier, persons["certifier"]),
        **conflicts_world(reviewed, persons["officer"]),
        "places": places([dossier, filed, clarified, supported], persons["certifier"]),
        **exchanges_world(filed, reviewed, annex),
        **review_world(case),
        **opinions,
        "supported_dossier": supported.key,
        "support": factories.support_on(supported).pk,
        "clarified": clarified.key,
        "clarified_reference": clarified.reference,
        "meeting": factories.meeting_of(clarified, reviewed).pk,
        **questions_world(call),
        **subscriptions_world(),
        **open_data_world(fund),
        "export": made_export(call, persons["auditor"], annex).pk,
        **events_world(fund, annex),
        **desk_world(fund, reviewed, persons["officer"]),
    }


def announcement_world(announcement, filed, file):
    """What surrounds an announcement, and a page that its carrier corrected."""
    picture = announcement_factories.picture_of(announcement, file=file)
    for kind in KIT_KINDS.values():
        kit = factories.produced(kind, key_of(announcement))
        ProducedDocument.objects.filter(pk=kit.pk).update(
            state="done", file=file, pages=1, done_at=timezone.now()
        )
    check = announcement_factories.page_to_check(
        filed, answer="corrected", answered_at=timezone.now(), answered_by=filed.created_by
    )
    own = announcement_factories.picture_of(
        check.laureate.announcement, laureate=check.laureate, published=False, file=file
    )
    return {
        "announcement_part": "citations",
        "announcement_picture": picture.key,
        "announcement_picture_pk": picture.pk,
        "preview_pk": announcement_factories.preview_of(announcement).pk,
        "preview_token": announcement_factories.TOKEN,
        "checked_announcement": check.laureate.announcement.slug,
        "checked_laureate": check.laureate_id,
        "checked_dossier": filed.key,
        "checked_picture": own.key,
    }


def seat_world(session, item, member):
    """The seat of a plain member, and what ties them to a dossier, that the chair settles."""
    tie = conflicts_factories.declaration(member, item.case.application)
    return {
        "committee": session.committee_id,
        "member_seat": session.committee.seats.get(user=member).pk,
        "tie": tie.pk,
    }


def after_world(session, call, file, **carrier):
    """A session with a laureate that may give up, and one that did, by letter: a project of the list is proposed."""
    over = another_session(session, "Séance d’avant")
    outcomes = ["selected", "selected", "reserve"]
    items = [
        ended(
            factories.agenda_item(over, call=call, **carrier), outcome, **({"rank": 1} if rank == 2 else {})
        )
        for rank, outcome in enumerate(outcomes)
    ]
    CommitteeSession.objects.filter(pk=over.pk).update(state="closed")
    opened_letter(items[0])
    withdrawal = succession.record_withdrawal(
        items[1].case.application,
        reason="Abandon.",
        given_on=timezone.localdate(),
        letter=file,
        by=session.prepared_by,
    )
    public = factories.announcement_of(call, slug="annonce-publique", case=items[1].case)
    change = LaureateChange.objects.create(
        laureate=public.laureates.get(),
        kind="withdrew",
        on=withdrawal.given_on,
        text="Le porteur renonce.",
        prepared_by=session.prepared_by,
    )
    return {
        "public_announcement": public.slug,
        "change_kind": change.kind,
        "changed_reference": items[1].case.application.reference,
        "change": change.pk,
        "given_up_dossier": items[0].case.application.key,
        "given_up_reference": items[0].case.application.reference,
        "withdrawal": withdrawal.pk,
        "promotion": withdrawal.promotions.get().pk,
        "items": items,
    }


def over_world(session, call, **carrier):
    """A session whose minutes wait for their signatures, and one that has both, with a letter opened."""
    closed, minuted = (another_session(session, f"Séance {state}") for state in ("close", "signée"))
    items = [factories.agenda_item(each, state="decided", call=call, **carrier) for each in (closed, minuted)]
    CommitteeSession.objects.filter(pk__in=[closed.pk, minuted.pk]).update(state="closed")
    minutes_of(closed)
    signed_by_both(minuted)
    letter = opened_letter(items[1])
    factories.produced("selection.decision_letter", letter.pk)
    return {"closed": closed.pk, "minuted": minuted.pk, "items": items, "letter": letter.pk}


def another_session(session, title):
    return CommitteeSession.objects.create(
        committee=session.committee,
        envelope=session.envelope,
        title=title,
        held_on=session.held_on,
        prepared_by=session.prepared_by,
    )


def frozen_book(session, item, officer):
    """A book that holds one dossier."""
    content = [{"reference": str(item), "submission": item.case.submission_id}]
    return CommitteeBook.objects.create(
        session=session, number=1, content=content, sha256="0" * 64, frozen_by=officer
    )


def hearing_world(call):
    """A slot that nobody is invited to."""
    slot = hearing_slot(call)
    return {"slot": slot.pk, "slot_day": timezone.localdate(slot.begins_at).isoformat()}


def desk_world(fund, reviewed, officer):
    """A label and a note on a filed dossier."""
    label = desk.make_label(fund, name="Prioritaire", by=officer)
    desk.put_label(reviewed, label, by=officer)
    given, rows = {"label": label.pk, "name": label.name}, [(reviewed.pk, reviewed.case.state, "")]
    batch = batches.ask_batch(fund, act="label", given=given, rows=rows, nonce="page", by=officer)
    return {
        "label": label.pk,
        "note": desk.write_note(reviewed, text="À relire.", by=officer).pk,
        "batch": batch.pk,
        "template": message_templates.save_template(fund, name="Accueil", text="Bonjour.", by=officer).pk,
    }


def conflicts_world(reviewed, officer):
    """What ties the officer to a body, and a declaration on the reviewed dossier that the head settles."""
    declared = conflicts_factories.link(officer, factories.OrganisationFactory())
    return {"interest": declared.pk, "declaration": conflicts_factories.declaration(officer, reviewed).pk}


def team_world(dossier, certifier):
    """A second writer, someone invited, and a visa lent."""
    colleague = factories.contributor_of(dossier.organisation)
    delegation = factories.delegation_of(certifier, factories.contributor_of(dossier.organisation))
    invited, token = factories.invitation_to(dossier, guest_of="Une région")
    return {
        "colleague": dossier.collaborators.create(user=colleague).pk,
        "delegation": delegation.pk,
        "invited": invited.pk,
        "invitation_token": token,
    }


def places(dossiers, certifier):
    """Those of the dossiers' people who are neither their first writer nor a certifier of the carrier."""
    carrier = certifier.memberships.get().organisation
    reader, lent, formerly = (factories.contributor_of(carrier) for _ in range(3))
    guest, left = factories.UserFactory(), factories.UserFactory()
    for dossier in dossiers:
        dossier.collaborators.create(user=reader, role="reader")
        dossier.collaborators.create(user=guest, guest_of="Une région")
        dossier.collaborators.create(user=left)
    factories.delegation_of(certifier, lent)
    factories.delegation_of(certifier, formerly, revoked_at=timezone.now())
    return {"reader": reader, "guest": guest, "left": left, "stand_in": lent, "former_stand_in": formerly}


def subscriptions_world():
    return {
        "subscription": factories.subscription().key,
        "subscription_request": factories.subscription_request().key,
    }


def review_world(case):
    """A review entrusted to someone who has not begun it, and an open alert."""
    officer = factories.officer_of(case.application.call.fund)
    flag = case.flags.create(kind="risk", text="Marché non notifié.", raised_by=officer)
    return {"review": case.reviews.create(reviewer=officer).pk, "flag": flag.pk}


def made_export(call, reader, file):
    return Export.objects.create(
        call=call,
        asked_by=reader,
        kind="list",
        format="csv",
        state="done",
        file=file,
        finished_at=timezone.now(),
    )


def open_data_world(fund):
    return {
        "dataset": "laureats",
        "extension": "csv",
        "sitemap_section": "laureats",
        "fund_slug": fund.slug,
    }


def events_world(fund, file):
    """A public event to come, one in preparation, and a past one whose report is not published."""
    event = factories.EventFactory(fund=fund, published=True)
    past = factories.EventFactory(fund=fund, published=True, past=True, report_text="Ce qui s’est dit.")
    return {
        "event": event.slug,
        "draft_event": factories.EventFactory(fund=fund).slug,
        "past_event": past.slug,
        "event_part": "programme",
        "call_template": "guichet",
        "event_file": factories.picture_of(past, file).pk,
        "registration_key": factories.registration_at(event).key,
    }


def exchanges_world(filed, reviewed, file):
    """A message with a file on each of two filed dossiers."""
    mine = factories.message_on(filed, file=file, by_secretariat=True)
    theirs = factories.message_on(reviewed, file=file)
    return {
        "message": mine.pk,
        "message_file": mine.files.get().pk,
        "case_message": theirs.pk,
        "case_message_file": theirs.files.get().pk,
    }


def opinions_world(expert, case, item, file):
    """An opinion to give, an address invited, and an opinion with a file given before the session opened."""
    sessions = CommitteeSession.objects.filter(pk=item.session_id)
    sessions.update(state=CommitteeSession.State.CONVENED)
    given = opinion_given(opinion_asked(item.case, email=expert.email), files=[(file, "note.pdf")])
    sessions.update(state=CommitteeSession.State.OPEN)
    asked = opinion_asked(case, email=expert.email)
    opinion_asked(case, email="invite@expertise.example")
    return {
        "opinion_request": asked.pk,
        "given_opinion": given.request_id,
        "opinion_file": given.files.get().pk,
        "opinion_token": token_in("opinion_asked"),
    }


def questions_world(call):
    factories.published_question(call)
    return {"question": factories.question_on(call, text="Un opérateur peut-il candidater ?").pk}


def attach(application, file):
    return Attachment.objects.create(
        application=application, file=file, name="annexe.pdf", added_by=application.created_by
    )


def people(fund, dossier, session, recusals):
    recused = factories.officer_of(fund)
    for application in recusals:
        Recusal.objects.create(application=application, user=recused, reason="Ancien employeur")
    other = factories.FundFactory()
    stranger = factories.certifier_of(factories.OrganisationFactory())
    for role in FundRole.Role.values:
        FundRole.objects.create(user=stranger, fund=other, role=role)
    elsewhere = factories.committee_session(other)
    elsewhere.committee.seats.create(user=stranger, title="Membre")
    return {
        "anonymous": None,
        "nobody": factories.UserFactory(),
        "stranger": stranger,
        "contributor": dossier.created_by,
        "certifier": factories.certifier_of(dossier.organisation),
        "officer": factories.officer_of(fund),
        "recused": recused,
        "head": factories.head_of(fund),
        "auditor": factories.auditor_of(fund),
        "member": session.committee.seats.filter(is_chair=False).first().user,
        "chair": factories.chair_of(session),
        "admin": factories.UserFactory(is_staff=True, is_superuser=True),
        "expert": factories.UserFactory(),
    }


# Every address finds the same world: it is made once, and each request is undone.


@pytest.fixture(scope="module")
def shared(kept_for_module):
    """The world, and the cookies of each kind of user, signed in."""
    world = made_world()
    return world, {kind: cookies_of(user) for kind, user in (world["people"] | world["places"]).items()}


def cookies_of(user):
    client = Client()
    if user:
        client.force_login(user)
    return client.cookies


def signed_in_as(kind, cookies):
    client = Client()
    client.cookies = SimpleCookie(cookies[kind])
    return client


class Unknown:
    """Stands for a variable that a template names and nobody gave; Django asks it for its text."""

    def __init__(self):
        self.found = set()

    def __contains__(self, text):
        return True

    def __mod__(self, variable):
        self.found.add(str(variable))
        return ""


@pytest.mark.parametrize("name", ADDRESSES)
def test_each_kind_of_user_gets_the_declared_answer(name, shared, db, monkeypatch):
    """And no page names a variable that nobody gave it."""
    world, cookies = shared
    unknown = Unknown()
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", unknown)
    arguments, on_get, on_post = ADDRESSES[name]
    address = reverse(name, args=[world[argument] for argument in arguments])

    declared = {
        f"{method} {kind}": answers[kind]
        for method, answers in (("get", on_get), ("post", on_post))
        for kind in KINDS
    }
    given = {asked: answer(address, cookies, *asked.split()) for asked in declared}

    wrong = {asked: (given[asked], declared[asked]) for asked in declared if given[asked] != declared[asked]}
    assert (wrong, unknown.found) == ({}, set())


# The other people of a dossier, on its own addresses: as the first writer or the certifier, but for what is said here.
OF_A_DOSSIER = [
    name
    for name, (arguments, _, _) in ADDRESSES.items()
    if {"dossier", "filed", "clarified", "supported_dossier"} & set(arguments)
]
AS = {"reader": "contributor", "guest": "contributor", "stand_in": "certifier"}
AS |= {"left": "stranger", "former_stand_in": "stranger"}  # who is there no more sees nothing
# A reader may not: these write, or prepare what one writes.
WRITTEN = {
    "autosave",
    "autosave_table",
    "begin_upload",
    "change_attachment",
    "detach",
    "identity",
    "messages",
    "move_attachment",
    "owners",
    "section",
    "section_version",
    "settle_remark",
    "table_export",
    "table_figures",
    "table_import",
    "table_template",
}
# Nor may a partner's agent: these commit the carrier.
COMMITTED = {
    "alert_certifiers",
    "answer_meeting",
    "change_role",
    "clone",
    "close_support",
    "hand_over",
    "invite",
    "remove_collaborator",
    "resend_invitation",
    "support",
    "take_back",
    "visa",
    "withdraw",
    "withdraw_invitation",
}
OF_ITS_BODY = {"meetings"}  # what is told to the carrier is not for its partners
# … but these pages, where there is one, are read by all.
READ = {
    "alert_certifiers",
    "autosave",
    "autosave_table",
    "begin_upload",
    "change_role",
    "close_support",
    "hand_over",
    "messages",
    "move_attachment",
    "resend_invitation",
    "section_version",
    "settle_remark",
    "support",
    "table_figures",
    "take_back",
    "withdraw_invitation",
}
UPLOADED = {"upload", "finish_upload", "abandon_upload"}  # is its owner's alone


def declared_for(kind, name, method):
    status = ADDRESSES[name][1 + (method == "post")][AS[kind]]
    name = name.partition(":")[2]
    if status == METHOD or kind not in ("reader", "guest"):
        return status
    if name in UPLOADED:
        return HIDDEN
    refused = name in COMMITTED or name in {"reader": WRITTEN, "guest": OF_ITS_BODY}[kind]
    return NO if refused and not (method == "get" and name in READ) else status


@pytest.mark.parametrize("name", OF_A_DOSSIER)
def test_each_place_on_a_dossier_gets_its_own_answer(name, shared, db):
    world, cookies = shared
    address = reverse(name, args=[world[argument] for argument in ADDRESSES[name][0]])

    declared = {
        f"{method} {kind}": declared_for(kind, name, method) for method in ("get", "post") for kind in AS
    }
    given = {asked: answer(address, cookies, *asked.split()) for asked in declared}

    wrong = {asked: (given[asked], declared[asked]) for asked in declared if given[asked] != declared[asked]}
    assert wrong == {}


def answer(address, cookies, method, kind):
    """The status this person gets, and everything undone; a redirection to the sign-in page is told apart."""
    point = transaction.savepoint()
    client = signed_in_as(kind, cookies)
    entries = Entry.objects.count()
    response = getattr(client, method)(address)
    b"".join(response)  # to its end, where a file closes
    if method == "get":
        assert Entry.objects.count() == entries, "reading must write nothing"
    transaction.savepoint_rollback(point)
    if response.status_code == SEEN and response.url.startswith(reverse("accounts:sign_in")):
        return SIGN_IN
    return response.status_code


def test_what_one_may_not_see_answers_as_what_does_not_exist(shared, db):
    world, cookies = shared
    client = signed_in_as("stranger", cookies)

    foreign = client.get(reverse("applications:detail", args=[world["dossier"]]))
    missing = client.get(reverse("applications:detail", args=["inexistant00"]))

    assert (foreign.status_code, page_of(foreign)) == (missing.status_code, page_of(missing))


def page_of(response):
    """The page without the token that differs at each request."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "admin"])
def test_only_staff_enter_the_administration(kind, shared, db):
    _, cookies = shared

    response = signed_in_as(kind, cookies).get(reverse("admin:index"))

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("admin:login"))
