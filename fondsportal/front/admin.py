from django.contrib import admin

from fondsportal.front.models import SatisfactionAnswer


@admin.register(SatisfactionAnswer)
class SatisfactionAnswerAdmin(admin.ModelAdmin):
    """What people wrote, to be read and not changed: comments are never published."""

    list_display = ["month", "place", "score", "page", "comment"]
    list_filter = ["place", "score"]
    fields = ["month", "place", "score", "page", "comment"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
