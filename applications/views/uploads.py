"""Files sent piece by piece to a draft, by `portal/upload.js`.

The requests are those of tus 1.0's core: one begins, one asks how far the server is, one appends at an offset, refused
with the right one when it is another; a last one joins what has arrived. All answer JSON: `told` is for the person.
"""

from functools import wraps

from django.core.exceptions import ValidationError
from django.core.files import File
from django.http import Http404, HttpResponseBadRequest, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from applications import actions, answers, files, rules
from applications.views.attachments import section_url
from applications.views.dossiers import get_application
from documents import actions as documents
from documents import storage, uploads
from documents.models import Incoming
from journal.refusals import Refused, refuse_unless, require

PIECE_MAX = 4 * 1024 * 1024
SIZE_DIGITS = 12


def told_in_json(view):
    """Answer what is refused, and why, as the page's script reads it."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except documents.Misplaced as misplaced:
            return JsonResponse({"received": misplaced.received}, status=409)
        except Refused as refusal:
            return JsonResponse({"told": refusal.reason}, status=409)
        except ValidationError as error:
            return JsonResponse({"told": " ".join(error.messages)}, status=422)

    return answer


def get_place(request, key, question_key):
    """A dossier where this person may join files now, in this place."""
    application = get_application(request, key)
    require(rules.can_write(request.user, application))
    actions.refuse_unless_writable(application, request.user, answers.section_of(application, question_key))
    return application


def get_incoming(request, key, pk):
    """A file that this very person is sending; another's is not there."""
    application = get_application(request, key)
    mine = Incoming.objects.filter(owner=request.user, subject_key=files.subject_key(application))
    return application, get_object_or_404(mine, pk=pk)


def progress(application, incoming, status=200):
    address = reverse("applications:upload", args=[application.key, incoming.pk])
    return JsonResponse({"url": address, "received": incoming.received, "size": incoming.size}, status=status)


@require_POST
@told_in_json
def begin_upload(request, key):
    """Announce a file: refused on its name and size before a byte of it is sent."""
    under, size = request.POST.get("under", ""), request.POST.get("size", "")
    application = get_place(request, key, under)
    if not size.isdecimal() or len(size) > SIZE_DIGITS:
        return HttpResponseBadRequest()
    field, name = files.field_of(application, under), request.POST.get("name", "")
    uploads.check_announced(name, int(size), formats=field.formats, max_bytes=field.max_bytes)
    here = application.attachments.filter(question_key=under)
    actions.refuse_unless_room(here, name, most=field.max_files if under else None)
    incoming = documents.begin(
        files.subject_key(application),
        under=under,
        name=name,
        size=int(size),
        fingerprint=request.POST.get("fingerprint", "")[:80].replace("\0", ""),
        by=request.user,
    )
    return progress(application, incoming, status=201)


@require_http_methods(["GET", "HEAD", "PATCH"])
@told_in_json
def upload(request, key, pk):
    """How far a file is; or its next piece, which follows what was received."""
    application, incoming = get_incoming(request, key, pk)
    if request.method != "PATCH":
        return progress(application, incoming)
    require(rules.can_write(request.user, application))
    offset, length = (request.headers.get(name, "") for name in ("Upload-Offset", "Content-Length"))
    if not (
        offset.isdecimal()
        and length.isdecimal()
        and len(offset) <= SIZE_DIGITS
        and len(length) <= SIZE_DIGITS
    ):
        return HttpResponseBadRequest()
    if int(length) > PIECE_MAX:
        return JsonResponse({"told": "Ce morceau de fichier est trop gros."}, status=413)
    try:
        piece = request.read(int(length))
    except UnreadablePostError:
        return HttpResponseBadRequest()
    return progress(application, documents.append(incoming, offset=int(offset), piece=piece))


@require_POST
@told_in_json
def finish_upload(request, key, pk):
    """Check what has arrived, and join it; where the dossier is closed meanwhile, it is kept a while."""
    application, incoming = get_incoming(request, key, pk)
    get_place(request, key, incoming.under)
    refuse_unless(incoming.received == incoming.size, "Ce fichier n’est pas encore arrivé en entier.")
    field = files.field_of(application, incoming.under)
    try:
        arrived = storage.incoming_path(incoming).open("rb")
    except FileNotFoundError:
        # Another window has finished meanwhile, or the disk has lost it: there is nothing to wait for.
        documents.forget_incoming(incoming)
        raise Http404 from None
    with arrived:
        received = File(arrived, name=incoming.name)
        try:
            content_type = uploads.check(received, formats=field.formats, max_bytes=field.max_bytes)
        except ValidationError:
            documents.forget_incoming(incoming)
            raise
        file = storage.store(received.chunks(), content_type=content_type)
    most = field.max_files if incoming.under else None
    where = {"question_key": incoming.under, "most": most}
    attachment = actions.attach(application, file=file, name=incoming.name, by=request.user, **where)
    documents.forget_incoming(incoming)
    return JsonResponse({"pk": attachment.pk, "sha256": file.sha256}, status=201)


@require_POST
def abandon_upload(request, key, pk):
    """Give up a file that is on its way."""
    application, incoming = get_incoming(request, key, pk)
    documents.forget_incoming(incoming)
    return redirect(section_url(application, incoming.under))
