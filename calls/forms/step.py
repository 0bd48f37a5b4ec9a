"""What the forms of the editor's steps share."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms


def laid_out(*layout):
    """A helper that draws the fields alone: the page has the <form> and its buttons."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf = False, True
    helper.layout = Layout(*layout)
    return helper


class StepForm(forms.ModelForm):
    """The fields of a step. `shown` turns the step's content into what they display.

    Nothing is marked as optional: a draft may leave anything empty, and the review says what publication needs.
    """

    mark_optional = False

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)

    @staticmethod
    def shown(content):
        return content
