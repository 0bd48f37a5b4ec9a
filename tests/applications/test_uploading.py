"""A file sent piece by piece to a draft: begun, cut, gone on with, joined; by its sender alone."""

import pytest
from django.urls import reverse

from applications.lifecycle import State
from documents import storage
from documents.models import Incoming
from tests.documents.test_uploads import pdf
from tests.factories import certifier_of, draft

CONTENT = pdf()


@pytest.fixture
def application(db, client):
    application = draft()
    client.force_login(application.created_by)
    return application


def begin(client, application, **changes):
    facts = {"name": "étude.pdf", "size": len(CONTENT), "fingerprint": "1-2", "under": ""} | changes
    return client.post(reverse("applications:begin_upload", args=[application.key]), facts)


def append(client, url, offset, piece):
    return client.patch(
        url, piece, content_type="application/offset+octet-stream", headers={"Upload-Offset": str(offset)}
    )


def sent(client, application, content=CONTENT, **changes):
    """Send all of it; return the answer of the last request."""
    url = begin(client, application, size=len(content), **changes).json()["url"]
    append(client, url, 0, content)
    return client.post(f"{url}terminer/")


def test_a_file_cut_on_its_way_goes_on_from_where_the_server_is_and_is_joined(client, application):
    url = begin(client, application).json()["url"]
    append(client, url, 0, CONTENT[:100])

    again = begin(client, application).json()
    lost = append(client, url, 0, CONTENT[:100])
    append(client, url, 100, CONTENT[100:])
    end = client.post(f"{url}terminer/")

    [attachment] = application.attachments.all()
    assert again == {"url": url, "received": 100, "size": len(CONTENT)}
    assert (lost.status_code, lost.json()) == (409, {"received": 100})
    assert (end.status_code, attachment.name) == (201, "étude.pdf")
    assert storage.path_of(attachment.file).read_bytes() == CONTENT
    assert Incoming.objects.count() == 0


def test_a_cut_file_is_told_on_the_page_until_it_is_given_up(client, application):
    begun = begin(client, application).json()
    append(client, begun["url"], 0, CONTENT[:100])
    section = reverse("applications:section", args=[application.key, "pieces"])

    [incoming] = client.get(section).context["incoming"]
    assert (incoming.name, incoming.received) == ("étude.pdf", 100)

    answer = client.post(f"{begun['url']}abandonner/")
    assert answer.url == section
    assert list(client.get(section).context["incoming"]) == []


def test_a_file_is_refused_before_a_byte_of_it_is_sent(client, application):
    heavy = begin(client, application, size=21 * 1024 * 1024)

    assert heavy.status_code == 422
    assert heavy.json()["told"].startswith("« étude.pdf » pèse 21,0 Mo ; la limite est de 20 Mo.")


def test_a_file_that_is_not_what_it_says_is_refused_at_its_end_and_nothing_is_left_of_it(client, application):
    end = sent(client, application, b"<html></html>")

    assert end.status_code == 422
    assert end.json()["told"].startswith("Le contenu de « étude.pdf » n’est pas celui d’un fichier PDF")
    assert (application.attachments.count(), Incoming.objects.count()) == (0, 0)


def test_what_another_window_has_just_finished_is_no_longer_there(client, application):
    url = begin(client, application).json()["url"]
    append(client, url, 0, CONTENT)
    storage.incoming_path(Incoming.objects.get()).unlink()

    assert client.post(f"{url}terminer/").status_code == 404
    assert Incoming.objects.count() == 0


def test_what_arrives_once_the_dossier_is_closed_is_kept_a_while_and_the_rule_is_told(client, application):
    url = begin(client, application).json()["url"]
    append(client, url, 0, CONTENT)
    application.state = State.AWAITING_VISA
    application.save()

    end = client.post(f"{url}terminer/")

    assert (end.status_code, application.attachments.count(), Incoming.objects.count()) == (409, 0, 1)
    assert end.json()["told"].startswith("Ce dossier attend le visa")


def test_nobody_writes_in_what_a_colleague_is_sending(client, application):
    url = begin(client, application).json()["url"]
    client.force_login(certifier_of(application.organisation))

    answers = [client.get(url), append(client, url, 0, CONTENT), client.post(f"{url}terminer/")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_more_than_was_announced_is_refused(client, application):
    url = begin(client, application).json()["url"]

    answer = append(client, url, 0, CONTENT + b"x")

    assert (answer.status_code, Incoming.objects.get().received) == (409, 0)
    assert answer.json()["told"].startswith("« étude.pdf » dépasse la taille annoncée.")


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 30])
def test_an_offset_that_is_none_is_not_understood(client, application, offset):
    url = begin(client, application).json()["url"]

    assert append(client, url, offset, CONTENT).status_code == 400


def test_a_question_that_asks_for_no_file_takes_none(client, application):
    assert begin(client, application, under="resume").status_code == 404


def test_one_file_too_many_is_refused_before_a_byte_of_it_is_sent(client, application, settings):
    settings.ATTACHMENTS_MAX = 1
    sent(client, application)

    answer = begin(client, application, name="annexe.pdf")

    assert (answer.status_code, Incoming.objects.count()) == (409, 0)
    assert (
        answer.json()["told"] == "« annexe.pdf » n’est pas joint : 1 fichier au plus. Retirez-en un d’abord."
    )
