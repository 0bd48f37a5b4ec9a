"""The deadline, as the pages tell it and as filing keeps it."""

from calls.models import Round
from tests.clock import from_now
from tests.factories import CallFactory, OrganisationFactory, contributor_of


def test_a_new_dossier_counts_down_to_the_next_round_of_its_call(client, db):
    call = CallFactory(published=True)
    call.rounds.update(closes_at=from_now(hours=-1))
    Round.objects.create(call=call, number=3, closes_at=from_now(days=40))
    Round.objects.create(call=call, number=2, closes_at=from_now(hours=5, minutes=1))
    client.force_login(contributor_of(OrganisationFactory()))

    page = client.get(f"/dossiers/nouveau/{call.slug}/")

    [told] = [line for line in page.text.splitlines() if "data-deadline" in line]
    due_at = call.rounds.get(number=2).closes_at
    assert f'data-deadline="{int(due_at.timestamp())}"' in told
    assert "<span>Il reste 5\u00a0heures</span>" in told
