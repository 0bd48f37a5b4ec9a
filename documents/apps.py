from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DocumentsConfig(AppConfig):
    name = "documents"
    verbose_name = "Documents"

    def ready(self):
        """Let each app's `produced.py` register the documents it knows how to build."""
        autodiscover_modules("produced")
