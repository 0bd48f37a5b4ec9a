"""The form field for several files at once."""

from django import forms

from documents import uploads

MEGABYTE = 1024 * 1024


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files: the fit ones in `fit`, as (upload, content type), and in `refused` what is wrong with others.

    A browser sends a file once: the fit ones are kept though others, or the rest of the page, be refused. So it
    never refuses by itself: the view keeps `fit`, then tells `refused`.
    """

    def __init__(self, *, formats=uploads.USUAL, max_megabytes=20, max_files=10, **kwargs):
        self.formats, self.max_megabytes, self.max_files = formats, max_megabytes, max_files
        self.fit, self.refused = [], []
        attrs = {"accept": ",".join(formats)} | ({"multiple": True} if max_files > 1 else {})
        super().__init__(**{"widget": FilesInput(attrs=attrs), "required": False} | kwargs)

    def clean(self, data, initial=None):
        self.fit, self.refused = [], []
        for upload in data if isinstance(data, list) else [data] if data else []:
            if len(self.fit) == self.max_files:
                self.refused.append(
                    f"« {upload.name} » n’est pas joint : au plus {self.max_files} à la fois."
                )
                continue
            try:
                content_type = uploads.check(upload, formats=self.formats, max_bytes=self.max_bytes)
            except forms.ValidationError as error:
                self.refused += error.messages
            else:
                self.fit.append((upload, content_type))
        return self.fit

    @property
    def max_bytes(self):
        return self.max_megabytes * MEGABYTE

    @property
    def told(self):
        """What may be joined, in a sentence."""
        names = uploads.accepted(self.formats)
        if self.max_files == 1:
            return f"{names}, un fichier de {self.max_megabytes} Mo au plus."
        return f"{names}, {self.max_files} fichiers au plus, de {self.max_megabytes} Mo au plus chacun."
