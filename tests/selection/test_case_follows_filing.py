"""A case is made by the first filing, and says what stands, whoever writes."""

import pytest

from applications import actions as applications
from selection.models import Case
from tests.factories import certifier_of, filed_application

pytestmark = pytest.mark.django_db


def test_a_filing_makes_a_case_that_says_what_was_filed():
    application = filed_application(title="Littoral sans papier")

    case = Case.objects.get()
    submission = application.submissions.get()
    assert (case.submission, case.call, case.state) == (submission, application.call, Case.State.TO_CHECK)
    assert (case.title, case.carrier) == ("Littoral sans papier", application.organisation.name)
    assert case.requested_grant == submission.requested_grant
    assert case.ministry == application.organisation.ministry


def test_a_draft_has_no_case_and_one_taken_back_keeps_what_stands():
    application = filed_application(title="Littoral sans papier")
    certifier = certifier_of(application.organisation)
    applications.take_back(application, by=certifier)
    application.refresh_from_db()
    application.title = "Littoral numérique"
    application.save()

    before = Case.objects.get().title
    applications.file_application(application, by=certifier)

    case = Case.objects.get()
    assert (before, case.title, case.submission.revision) == ("Littoral sans papier", "Littoral numérique", 2)


def test_a_withdrawal_is_known_of_the_case():
    application = filed_application()

    applications.withdraw(application, by=certifier_of(application.organisation), reason="Projet abandonné")

    assert Case.objects.get().withdrawn
