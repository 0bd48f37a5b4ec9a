"""The pages and files of the open data."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import etag, require_safe

from fondsportal.front.open_data.datasets import DATASETS, FEW, checksum, rejection, report
from fondsportal.front.open_data.formats import CONTENT_TYPES, as_csv
from journal.limits import limit

REQUESTS, SECONDS = 60, 60  # of one address for what walks through every row
REJECTED = ("identifiant", "projet", "manquant", "invalide")


def get_dataset(slug):
    if slug not in DATASETS:
        raise Http404
    return DATASETS[slug]


@login_not_required
@require_safe
def dataset_list(request):
    """What may be reused, under which licence, and how."""
    datasets = [
        {"dataset": dataset, "changed_at": dataset.last_change(), "extensions": dataset.extensions}
        for dataset in DATASETS.values()
    ]
    return render(request, "front/dataset_list.html", {"datasets": datasets})


@login_not_required
@require_safe
def dataset_detail(request, dataset):
    """A dataset: its files with their checksums, its dictionary, its licence, its last change."""
    found = get_dataset(dataset)
    version, count = found.version()
    files = [
        {
            "extension": extension,
            "sha256": checksum(found, extension, version) if count <= FEW else None,
        }
        for extension in found.extensions
    ]
    context = {
        "dataset": found,
        "fields": [described(field) for field in found.schema["fields"]],
        "files": files,
        "count": count - report(found, version)["rejected"] if found.strict else count,
        "changed_at": found.last_change(),
    }
    return render(request, "front/dataset.html", context)


def described(field):
    """A field as its row of the dictionary tells it."""
    constraints = field.get("constraints", {})
    return {
        "name": field["name"],
        "meaning": field["description"],
        "type": field["type"],
        "unit": field.get("unit", ""),
        "example": field.get("example", ""),
        "values": constraints.get("enum", []),
        "required": constraints.get("required", False),
    }


def file_etag(request, dataset, extension):
    """The hash of the visible rows: an edit under embargo does not change it."""
    if dataset not in DATASETS or extension not in DATASETS[dataset].extensions:
        return None
    return f'"{DATASETS[dataset].version()[0][:32]}.{extension}"'


def walking(view):
    """Count what walks through every row of a dataset per address, before anything is read."""

    @wraps(view)
    def counted(request, *args, **kwargs):
        limit("donnees", request, most=REQUESTS, within=SECONDS)
        return view(request, *args, **kwargs)

    return counted


@login_not_required
@require_safe
@walking
@etag(file_etag)
def dataset_file(request, dataset, extension):
    """The dataset itself, written as it is sent."""
    found = get_dataset(dataset)
    if extension not in found.extensions:
        raise Http404
    content = [] if request.method == "HEAD" else found.content(extension)
    response = StreamingHttpResponse(content, content_type=CONTENT_TYPES[extension])
    return offered(response, f"{found.slug}.{extension}")


@login_not_required
@require_safe
@walking
@etag(file_etag)
def dataset_checksum(request, dataset, extension):
    """The checksum of a file, as `sha256sum -c` reads it."""
    found = get_dataset(dataset)
    if extension not in found.extensions:
        raise Http404
    sha256 = checksum(found, extension, found.version()[0])
    name = f"{found.slug}.{extension}"
    response = HttpResponse(f"{sha256}  {name}\n", content_type="text/plain; charset=utf-8")
    return offered(response, f"{name}.sha256")


@login_not_required
@require_safe
def dataset_schema(request, dataset):
    """The dictionary of a dataset, as a Table Schema."""
    schema = get_dataset(dataset).schema
    response = JsonResponse(schema, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Access-Control-Allow-Origin"] = "*"
    return response


@login_not_required
@require_safe
@walking
def dataset_validation(request, dataset):
    """What the check of a dataset against its schema found."""
    found = get_dataset(dataset)
    version, count = found.version()
    context = {"dataset": found, "count": count, "report": report(found, version)}
    context["valid"] = count - context["report"]["rejected"]
    return render(request, "front/dataset_validation.html", context)


def rejected_etag(request, dataset):
    return f'"{DATASETS[dataset].version()[0][:32]}.rejected"' if dataset in DATASETS else None


@login_not_required
@require_safe
@walking
@etag(rejected_etag)
def dataset_rejected(request, dataset):
    """The rows that the check rejected, each with what is missing."""
    found = get_dataset(dataset)
    lines = (
        dict(zip(REJECTED, (row["slug"], told["name"], told["missing"], told["wrong"]), strict=True))
        for row, problems in found.rejected()
        for told in [rejection(row, problems)]
    )
    content = [] if request.method == "HEAD" else as_csv(REJECTED, lines)
    response = StreamingHttpResponse(content, content_type=CONTENT_TYPES["csv"])
    return offered(response, f"{found.slug}-lignes-a-completer.csv")


def offered(response, name):
    """A file to keep, that any other site may read too."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Access-Control-Allow-Origin"] = "*"
    return response
