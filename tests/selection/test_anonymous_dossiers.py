"""What a committee reads of an anonymous dossier: neither its carrier, nor a hash by which to try each body in turn."""

import pytest
from django.urls import reverse

from tests.factories import CallFactory, FundFactory, agenda_item, committee_session, member_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("anonymous", [True, False])
def test_the_committee_reads_the_carrier_and_the_hash_together_or_not_at_all(client, anonymous):
    session = committee_session(FundFactory())
    item = agenda_item(session, call=CallFactory(fund=session.fund, published=True, anonymous=anonymous))
    client.force_login(member_of(session.committee).user)

    page = client.get(reverse("selection:item", args=[session.pk, str(item)])).content.decode()

    telling = [item.case.application.organisation.name, item.case.submission.sha256]
    assert [each in page for each in telling] == [not anonymous] * 2
