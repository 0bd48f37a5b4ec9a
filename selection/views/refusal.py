"""What someone typed when their act is refused: it stays in front of them, with the reason and the answer 409.

A form that may still be sent is shown again, by `keeping`. Where nothing may be sent any more, `unsaved` is what its
page shows of it. Whatever page asks for neither, the one of the refusal itself shows what was sent (`409.html`).
"""

from contextlib import contextmanager

from django import forms

from journal.refusals import Refused

KEPT = "Ce que vous avez écrit est encore ci-dessous ; rien n’en est enregistré."


@contextmanager
def keeping(form, *, beside=None):
    """Where the act inside is refused, its form says why and keeps what was typed; `status_of` then answers 409.

    `beside` names the field that what is wrong is about, if there is one.
    """
    try:
        yield
    except Refused as refusal:
        form.refusal = refusal
        form.add_error(beside, f"{refusal.reason} {KEPT}" if writes(form) else refusal.reason)


def refusal_of(form):
    """Why the act of a form was refused, None where it was not."""
    return getattr(form, "refusal", None)


def status_of(*sent):
    """What a page answers: 409 where the act of one of its forms was refused."""
    return 409 if any(refusal_of(form) for form in sent) else 200


def unsaved(form):
    """(label, text) of each text that a form was sent with."""
    return [(form[name].label, form[name].value()) for name in writes(form) if form[name].value()]


def writes(form):
    """The names of the fields where one writes sentences."""
    return [name for name, field in form.fields.items() if isinstance(field.widget, forms.Textarea)]
