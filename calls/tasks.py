from celery import shared_task

from calls import news
from calls.actions import subscriptions


@shared_task
def notify_subscribers():
    """Tell every news that is due, one transaction per batch; what is left is told at the next round."""
    for each in list(news.due()):
        while subscriptions.tell(each):
            pass


@shared_task
def forget_unconfirmed():
    subscriptions.forget_unconfirmed()
