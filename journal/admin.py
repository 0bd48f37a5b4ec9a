from django.contrib import admin

from journal.models import OutgoingEmail


@admin.register(OutgoingEmail)
class OutgoingEmailAdmin(admin.ModelAdmin):
    """The queue as the administrator sees it: whether mail leaves, never what it says."""

    list_display = ["to", "template", "state", "attempts", "created_at", "sent_at"]
    list_filter = ["state"]
    fields = ["to", "template", "state", "attempts", "last_error", "created_at", "sent_at"]
    readonly_fields = fields

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
