"""What someone was sending when their session had expired, or their form: carried by the page, to be sent again.

It is kept nowhere on the server, neither in the session nor in the logs: the page itself holds it, signed, so that it
is only ever given back as it came, to an address of the portal, and for a while.
"""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.models import Membership, User

FIELD = "kept_post"
AUTHOR = "section_author"  # a field of the pages where one writes: whose page it is
SALT = "accounts.kept_posts"
LARGEST = 2_000_000  # characters
LASTING = 12 * 3600  # seconds
# Exact names, that no question has: what only looks like one (« passerelles », « secretariat ») is someone's answer.
SECRET = frozenset({"csrfmiddlewaretoken", "old_password", "new_password1", "new_password2"})
# What a page adds to what is typed.
UNTYPED = re.compile(r"section_\w+|save_and_next|\w+-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS")
NEVER = ("admin", "accounts")  # whose forms hold passwords, or are no text that one could lose


class KeptPost:
    """A form as it was sent: where to, its (name, value) pairs, and the names of its files, which no page can carry."""

    def __init__(self, path, fields, files):
        self.path, self.fields, self.files = path, fields, files

    @property
    def author(self):
        """The key of the account whose page it was, as text; empty where the page does not say."""
        return next((value for name, value in self.fields if name == AUTHOR), "")

    @property
    def typed(self):
        return [(name, value) for name, value in self.fields if value.strip() and not UNTYPED.fullmatch(name)]

    def __str__(self):
        return signing.dumps([self.path, self.fields, self.files], salt=SALT, compress=True)


def of(request):
    """What this request was sending, or None where there is nothing that one would write again, or too much of it."""
    if request.method != "POST" or request.headers.get("HX-Request") or not _may_carry(request.path):
        return None
    fields = [
        [name, value] for name, values in request.POST.lists() if name not in SECRET for value in values
    ]
    files = [each.name for name in request.FILES for each in request.FILES.getlist(name)]
    size = sum(len(name) + len(value) for name, value in fields)
    if not any(value.strip() for _, value in fields) or size > LARGEST:
        return None
    return KeptPost(request.get_full_path(), fields, files)


def read(request):
    """What the sign-in page carries, or None: what was not signed here, or too long ago, is nothing."""
    try:
        path, fields, files = signing.loads(request.POST.get(FIELD, ""), salt=SALT, max_age=LASTING)
    except (signing.BadSignature, ValueError):
        return None
    return KeptPost(path, fields, files) if _may_carry(path) else None


def is_of_another(author, user):
    """Whether a page was made for someone else than this person, who would save its text under their own name."""
    return bool(author) and author != str(user.pk)


def name_of(author, *, told_to):
    """Whose text it is, for a colleague of theirs; any account could ask, so nobody else learns a name."""
    if not (author.isdecimal() and len(author) < 10):
        return ""
    shared = Membership.objects.filter(user=told_to).values("organisation")
    colleague = User.objects.filter(pk=int(author), memberships__organisation__in=shared).first()
    return str(colleague or "")


def is_from_here(request):
    """Whether the browser itself says that a page of the portal sent this request."""
    origin = request.headers.get("Origin", "")
    here = f"{'https' if request.is_secure() else 'http'}://{request.get_host()}"
    return origin == here or origin in settings.CSRF_TRUSTED_ORIGINS


def _may_carry(path):
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return False
    try:
        return not set(resolve(urlsplit(path).path).app_names) & set(NEVER)
    except Resolver404:
        return False
