"""Print HTML as PDF, one limited child process per document; `documents.pdf` runs this module as a program.

WeasyPrint takes a second to import and must not be trusted with a worker: this process imports it once, then
forks for each job, so that a document costs a fork and nothing else. It is started without the worker's sockets,
environment or threads: a child may be killed at any point, and touches nothing but its own directory. It knows
nothing of Django.

A job is a line of JSON on standard input, its outcome a line on standard output. When the caller dies, standard
input closes: the press kills its child, clears the directory and leaves.
"""

import contextlib
import json
import logging
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import unquote, urlsplit

import fontTools.ttLib.woff2  # noqa: F401 - imported here so that children need not.
from weasyprint import HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from documents.conformance import claim
from documents.lettering import covered, drawable

OPTIONS = {"pdf_variant": "pdf/a-3a", "optimize_images": True, "dpi": 200, "jpeg_quality": 85}
OUTPUT_MAX_BYTES = 256 * 1024 * 1024


class StaticFiles(URLFetcher):
    """Serve the portal's own static files and inline images; refuse all else, which ends the document.

    Nothing is ever fetched: an address under the portal's static one names a file on disk.
    """

    def __init__(self, address, roots):
        super().__init__(fail_on_errors=True)
        self.address = address
        self.roots = [Path(root).resolve() for root in roots]
        self.refused = []

    def fetch(self, url, headers=None):
        """Return the response for an allowed address; raises `ValueError`, which WeasyPrint makes fatal."""
        if url.startswith("data:image/"):
            return super().fetch(url, headers)
        if url.startswith(self.address):
            name = unquote(urlsplit(url[len(self.address) :]).path)
            for root in self.roots:
                path = (root / name).resolve()
                if path.is_relative_to(root) and path.is_file():
                    kind = guess_type(path.name)[0] or "application/octet-stream"
                    return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": kind})
        self.refused.append(url[:200])
        raise ValueError(f"refused: {url[:200]}")


def typeset(job):
    """Write `document.pdf` from `source.html`, both in the job's directory."""
    directory = Path(job["directory"])
    source = drawable((directory / "source.html").read_text(encoding="utf-8"))
    # What the fonts are is read anew for each document: any place that can be written will do.
    os.environ["XDG_CACHE_HOME"] = job["directory"]
    files = StaticFiles(job["static_address"], job["static_roots"])
    html = HTML(string=source, base_url=job["base_url"], url_fetcher=files)
    document = html.render(font_config=FontConfiguration(), **OPTIONS)
    document.metadata.title = job["title"]
    document.metadata.lang = document.metadata.lang or "fr"
    document.metadata.attachments += [attached(**each) for each in job["attachments"]]
    finisher = partial(claim, identifier=job["identifier"])
    document.write_pdf(directory / "document.pdf", finisher=finisher, **OPTIONS)
    if files.refused:
        # Inside a drawing, even WeasyPrint's fatal error only leaves a blank.
        raise FatalURLFetchingError(files.refused[0])


def attached(name, path, description, made_at):
    """A file that the document was made from, to be carried inside it."""
    moment = datetime.fromisoformat(made_at).astimezone(UTC)
    return Attachment(
        string=Path(path).read_bytes(),
        name=name,
        description=description,
        created=moment,
        modified=moment,
        relationship="Source",
    )


def child(job, report):
    """Do one job under its limits, write the outcome and its detail to the descriptor `report`, and end."""
    outcome = ("failed", "")
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        resource.setrlimit(resource.RLIMIT_CPU, (job["cpu_seconds"], job["cpu_seconds"] + 1))
        resource.setrlimit(resource.RLIMIT_AS, (job["memory_bytes"], job["memory_bytes"]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_MAX_BYTES, OUTPUT_MAX_BYTES))
        tempfile.tempdir = job["directory"]
        typeset(job)
        outcome = ("done", "")
    except MemoryError:
        outcome = ("memory", "")
    except FatalURLFetchingError as error:
        outcome = ("reference", str(error.__cause__ or error))
    except BaseException as error:
        outcome = ("failed", repr(error)[:1000])
    finally:
        # No clean-up of any kind: whatever the press holds is not the child's to close.
        with contextlib.suppress(BaseException):
            os.write(report, json.dumps(outcome).encode())
        os._exit(0)


def supervise(job):
    """Fork a child for the job, wait for it within its time, and return the outcome and its detail."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        child(job, writing)
    os.close(writing)
    ready, _, _ = select.select([reading, 0], [], [], job["wall_seconds"])
    report = os.read(reading, 65536) if reading in ready else b""
    os.close(reading)
    if not report:
        # Silent: out of time, killed by a limit, or the caller is gone and its request with it.
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if report:
        return json.loads(report)
    if not ready:
        return "time", f"{job['wall_seconds']} s"
    if 0 in ready:
        shutil.rmtree(job["directory"], ignore_errors=True)
        sys.exit()
    if os.WTERMSIG(status) == signal.SIGXCPU:
        return "time", f"{job['cpu_seconds']} s CPU"
    if os.WTERMSIG(status) == signal.SIGKILL:
        # None of its own limits does that: someone did, or a machine short of memory.
        return "interrupted", "killed"
    return "memory", f"signal {os.WTERMSIG(status)}"


def main():
    """Serve jobs until standard input closes."""
    logging.basicConfig(level=logging.ERROR)
    covered()  # Looked up once, for every child.
    # What a library prints must not be taken for an outcome.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        outcome = supervise(json.loads(line))
        print(json.dumps(outcome), file=answers, flush=True)


if __name__ == "__main__":
    main()
