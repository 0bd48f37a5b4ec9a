from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group

from accounts.models import Delegation, Invitation, Membership, Organisation, PublicDomain, User

admin.site.unregister(Group)
admin.site.site_header = "Administration du portail"
admin.site.site_title = "Administration"
admin.site.index_title = "Comptes, organismes et files d’attente"


class MembershipInline(admin.TabularInline):
    model = Membership
    autocomplete_fields = ["organisation"]
    extra = 0


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_staff"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        ("Droits", {"fields": ["is_active", "is_staff"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]
    readonly_fields = ["last_login", "date_joined"]
    inlines = [MembershipInline]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    list_display = ["name", "acronym", "kind", "supervising_ministry", "fictitious"]
    list_filter = ["kind", "fictitious"]
    search_fields = ["name", "acronym", "siren"]
    autocomplete_fields = ["supervising_ministry"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(PublicDomain)
class PublicDomainAdmin(admin.ModelAdmin):
    list_display = ["domain", "fictitious"]
    search_fields = ["domain"]


class ReadOnlyAdmin(admin.ModelAdmin):
    """What people do by themselves in the portal: the administrator sees it and changes nothing."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Delegation)
class DelegationAdmin(ReadOnlyAdmin):
    list_display = ["certifier", "delegate", "organisation", "begins_at", "ends_at", "revoked_at"]
    list_select_related = ["certifier", "delegate", "organisation"]
    search_fields = ["certifier__email", "delegate__email", "organisation__name"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Whether a letter is still waiting; neither what it opens, nor the hash of its link."""

    list_display = ["email", "invited_by", "invited_at", "expires_at", "accepted_at", "revoked_at"]
    list_select_related = ["invited_by"]
    search_fields = ["email"]
    fields = ["email", "invited_by", "invited_at", "expires_at", "accepted_at", "accepted_by", "revoked_at"]
