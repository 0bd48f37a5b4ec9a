from django.db import transaction
from django.utils import timezone

from fondsportal.front.models import SatisfactionAnswer
from journal import clock


@transaction.atomic(durable=True)
def answer_survey(*, place, page, score, comment):
    """Keep what someone thinks of the portal. The journal is not told: it would date the answer to the second."""
    month = timezone.localdate(clock.now()).replace(day=1)
    return SatisfactionAnswer.objects.create(
        place=place, page=page, score=score, comment=comment, month=month
    )
