from django import forms

from accounts.models import User
from calls.models import Fund, FundRole, Theme
from selection.models import Committee, CommitteeSeat


class CommitteeForm(forms.ModelForm):
    """What a committee is and how it votes; its fund is chosen once, among those that `user` heads."""

    class Meta:
        model = Committee
        fields = ["fund", "name", "power", "quorum", "vote_mode", "tie_rule"]
        labels = {"fund": "Fonds"}
        help_texts = {
            "power": "Un comité qui propose n’engage pas l’enveloppe : ses propositions vont à celui qui décide.",
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["fund"]
        else:
            headed = FundRole.objects.filter(user=user, role=FundRole.Role.HEAD).values("fund")
            self.fields["fund"].queryset = Fund.objects.filter(pk__in=headed)


class SeatForm(forms.Form):
    """What a seat may do in its committee."""

    PARTS = [("member", "Membre"), ("chair", "Préside"), ("deputy_chair", "Supplée la présidence")]

    mark_optional = False
    title = forms.CharField(
        label="Fonction",
        max_length=CommitteeSeat._meta.get_field("title").max_length,
        help_text="Celle sous laquelle le membre signe et vote : « Direction du budget », par exemple.",
    )
    part = forms.ChoiceField(
        label="Place dans le comité", choices=PARTS, widget=forms.RadioSelect, initial="member"
    )
    is_voting = forms.TypedChoiceField(
        label="Voix",
        choices=[
            ("oui", "Délibérative : vote, compte dans le quorum"),
            ("non", "Consultative : note, sans voter"),
        ],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "oui",
        initial="oui",
    )
    scope = forms.ModelChoiceField(
        Theme.objects.all(),
        label="Périmètre",
        required=False,
        empty_label="Tous les dossiers",
        help_text="Un thème : ce membre ne voit et ne traite que les dossiers de ce thème.",
    )

    @staticmethod
    def initial_of(seat):
        part = "chair" if seat.is_chair else "deputy_chair" if seat.is_deputy_chair else "member"
        return {
            "title": seat.title,
            "part": part,
            "is_voting": "oui" if seat.is_voting else "non",
            "scope": seat.scope_id,
        }


class NewSeatForm(SeatForm):
    email = forms.EmailField(
        label="Adresse électronique", help_text="Celle du compte de la personne sur le portail."
    )
    field_order = ["email", "title", "part", "is_voting", "scope"]

    def clean_email(self):
        """The account; `user` holds it."""
        typed = self.cleaned_data["email"]
        self.user = User.objects.filter(email__iexact=typed, is_active=True).first()
        if self.user is None:
            raise forms.ValidationError(
                "Aucun compte n’a cette adresse. L’administration du portail en ouvre un ; attribuez le siège ensuite."
            )
        return typed
