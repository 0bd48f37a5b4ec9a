"""Who asks too often is told to come back later; who cannot be counted is let in."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from journal.limits import limit
from journal.middleware import RefusedMiddleware
from journal.refusals import TooMany


def request_from(address, **headers):
    return RequestFactory().get("/", REMOTE_ADDR=address, **headers)


def ask(request, times, purpose="essai"):
    for _ in range(times):
        limit(purpose, request, most=3, within=60)


def counts():
    return cache._cache.get_client().keys("*limit.*")


def test_one_time_too_many_is_refused_until_the_count_expires():
    request = request_from("192.0.2.1")
    ask(request, 3)

    with pytest.raises(TooMany) as refused:
        ask(request, 1)

    assert refused.value.retry_after == 60


def test_each_address_and_each_purpose_is_counted_apart():
    ask(request_from("192.0.2.1"), 3)

    ask(request_from("192.0.2.2"), 3)
    ask(request_from("192.0.2.1"), 3, purpose="autre")

    assert len(counts()) == 3


def test_a_person_is_counted_wherever_they_ask_from():
    for number in range(3):
        limit("essai", request_from(f"192.0.2.{number}"), most=3, within=60, who=7)

    limit("essai", request_from("192.0.2.1"), most=3, within=60, who=8)
    with pytest.raises(TooMany):
        limit("essai", request_from("192.0.2.9"), most=3, within=60, who=7)


def test_no_address_is_kept_in_the_cache():
    ask(request_from("192.0.2.1"), 1)

    [count] = counts()

    assert b"192.0.2.1" not in count


def claiming(numbers, *, seen=""):
    """Requests of one machine, each claiming another address; `seen` is what the proxy added."""
    for number in numbers:
        yield request_from("192.0.2.1", HTTP_X_FORWARDED_FOR=f"198.51.100.{number}{seen}")


def test_behind_a_proxy_the_address_is_the_one_it_saw(settings):
    settings.PROXIES = 1
    for request in claiming(range(3), seen=", 203.0.113.1"):
        ask(request, 1)

    with pytest.raises(TooMany):
        ask(next(claiming([4], seen=", 203.0.113.1")), 1)


def test_without_a_proxy_what_the_header_claims_is_ignored():
    for request in claiming(range(3)):
        ask(request, 1)

    with pytest.raises(TooMany):
        ask(next(claiming([4])), 1)


def test_without_the_cache_everyone_is_let_in(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    assert ask(request_from("192.0.2.1"), 5) is None


def test_too_many_is_answered_429_with_when_to_come_back():
    response = RefusedMiddleware(None).process_exception(request_from("192.0.2.1"), TooMany(retry_after=60))

    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert "rien n’a été enregistré" in response.content.decode()
