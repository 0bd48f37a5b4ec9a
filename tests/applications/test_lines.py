"""Two people on one table of lines."""

from decimal import Decimal

import pytest

from accounts.models import Membership
from applications import actions
from applications.models import Application
from tests.applications.grids import page_of, posted
from tests.factories import certifier_of, complete_draft

LINE = {"year": 2019, "source": "fund", "label": "", "amount": Decimal(700_000)}


def test_who_saves_second_is_told_and_writes_nothing(db):
    application = complete_draft()
    colleague = certifier_of(application.organisation)
    actions.set_table(application, "financing", [LINE], version=0, by=colleague)

    with pytest.raises(actions.EditConflict) as conflict:
        actions.set_table(application, "financing", [], version=0, by=application.created_by)

    assert (conflict.value.theirs.changed_by, application.financing_lines.count()) == (colleague, 1)


def test_the_page_of_who_comes_second_shows_both(client, db):
    application = complete_draft()
    actions.set_table(application, "financing", [LINE], version=0, by=certifier_of(application.organisation))
    client.force_login(application.created_by)

    page = client.post(page_of(application), posted({"source": "own", "2020": "123 456"}, years=[2020]))

    text = page.content.decode()
    assert ("123 456" in text, "700\u202f000" in text, 'name="section_version" value="1"' in text) == (
        True,
        True,
        True,
    )


def test_who_left_the_body_sees_nothing_of_its_dossiers(db):
    application = complete_draft()
    writer = application.created_by

    Membership.objects.filter(user=writer).delete()

    assert list(Application.objects.visible_to(writer)) == []
