"""The minutes of a session: produced from what was recorded, corrected as text, signed by two people, frozen.

The first signature freezes the text under its hash. Until the second one, who put it may take it back, with a reason
that the journal keeps, and the text is corrected again. The second one ends the session for good.
"""

from django.db import transaction

from accounts.actions import confirmation
from documents import actions as documents
from journal import actions as journal
from journal import clock
from journal.refusals import Refused, refuse_unless, require
from selection import lifecycle, minutes_emails
from selection.lifecycle import Item, Meeting
from selection.minutes import access, fingerprint, recording, wording
from selection.models import CommitteeSession, Minutes, MinutesSignature, MinutesVersion

Role = MinutesSignature.Role
PDF = "selection.minutes"
IN_PART = (
    "Un déport, ou le périmètre de votre siège, vous tient à l’écart d’un point de cette séance : une autre personne du"
    " secrétariat en prépare et en signe le relevé."
)
FROZEN = (
    "Le relevé porte une signature : son texte ne change plus. Qui l’a signé peut retirer sa signature tant qu’elle est"
    " seule."
)
CHANGED = "Le texte du relevé a changé depuis que vous avez ouvert cette page : relisez-le, puis signez."


class TextConflict(Refused):
    """The text was saved by someone else since its page was read; `minutes` is what is kept."""

    def __init__(self, minutes):
        self.minutes = minutes
        super().__init__(
            f"{minutes.saved_by.name} a enregistré ce relevé depuis que vous avez ouvert cette page : comparez les deux"
            " textes, puis enregistrez le vôtre complété."
        )


@transaction.atomic(durable=True)
def produce(session, *, by, version=None):
    """Write the minutes of a closed session from what was recorded, or write them again.

    `version` is that of the text that the page had read, none where there was none yet: what someone typed meanwhile
    is not written over. What was typed before stays among the versions.
    """
    session = _locked_to_prepare(session, by)
    undecided = session.items.exclude(state__in=[Item.DECIDED, Item.PUT_OFF]).select_related(
        "case__application"
    )
    told = ", ".join(str(item) for item in undecided.order_by("position"))
    refuse_unless(not told, f"Ces points n’ont pas de décision : {told}. La présidence les décide d’abord.")
    recorded = recording.gather(session)
    text = wording.write(recorded)
    minutes = Minutes.objects.select_for_update(of=["self"]).filter(session=session).first()
    if minutes is None:
        minutes = Minutes.objects.create(session=session, recorded=recorded, text=text, saved_by=by)
        _keep_version(minutes, produced=True)
        journal.record("minutes.produced", minutes, by=by, session=session.pk, version=minutes.version)
        journal.post(*minutes_emails.to_sign(minutes, _others(access.secretaries(session), by)))
        return minutes
    _refuse_unless_unsigned(minutes)
    if version is None:  # two people asked for the first one
        return minutes
    if version != minutes.version:
        raise TextConflict(minutes)
    minutes.recorded = recorded
    _save(minutes, text, by, produced=True)
    journal.record("minutes.produced", minutes, by=by, session=session.pk, version=minutes.version)
    return minutes


@transaction.atomic(durable=True)
def correct_text(minutes, *, text, version, by):
    """Keep the text as someone corrected it; `version` is that of the one that they had read.

    Raises:
        TextConflict: someone else saved another one since.
    """
    minutes = _locked(minutes)
    _refuse_unless_preparing(minutes.session, by)
    _refuse_unless_unsigned(minutes)
    refuse_unless(text.strip(), "Le relevé ne peut pas être vide.")
    text = _kept(text)
    if text == minutes.text:
        return minutes
    if version != minutes.version:
        raise TextConflict(minutes)
    _save(minutes, text, by, produced=False)
    journal.record("minutes.corrected", minutes, by=by, version=minutes.version)
    return minutes


def send_code(minutes, *, by):
    """Send someone who may sign the code that confirms their signature. What it is sent for is read before it is."""
    _role_to_sign(minutes, by)
    act = f"signer le relevé de décisions « {minutes.session.title} »"
    confirmation.send_code(subject=subject_of(minutes), act=act, by=by)


@transaction.atomic(durable=True)
def sign(minutes, *, version, code, by):
    """Sign the text that was read, once the code sent to the signer is typed; return what is wrong with it, or nothing.

    A wrong code changes nothing but its own count, which is why it is no refusal: that would undo the count.
    """
    minutes = _locked(minutes)
    role = _role_to_sign(minutes, by)
    refuse_unless(version == minutes.version, CHANGED)
    problem = confirmation.take_code(code, subject=subject_of(minutes), by=by)
    if problem:
        journal.record("minutes.code_refused", minutes, by=by)
        return problem
    put_signature(minutes, role, by=by)
    return ""


@transaction.atomic(durable=True)
def withdraw_signature(minutes, *, reason, by):
    """Take back one's own signature while it is the only one, because the text is wrong; it may be corrected again."""
    minutes = _locked(minutes)
    signature = minutes.signatures.filter(user=by).first()
    require(signature)
    refuse_unless(
        minutes.session.state == Meeting.CLOSED and minutes.signatures.count() == 1,
        "Le relevé porte ses deux signatures : elles ne se retirent plus.",
    )
    refuse_unless(reason.strip(), "Dites pourquoi vous retirez votre signature.")
    signature.delete()
    minutes.sha256, frozen = "", minutes.sha256
    minutes.save(update_fields=["sha256"])
    journal.record(
        "minutes.signature_withdrawn", minutes, by=by, role=signature.role, sha256=frozen, reason=reason
    )
    told = _others(access.secretaries(minutes.session), by)
    journal.post(*minutes_emails.signature_withdrawn(minutes, told, by=by, reason=reason))


# Steps


def subject_of(minutes):
    """What a code confirms."""
    return f"minutes/{minutes.pk}"


def put_signature(minutes, role, *, by):
    """Sign minutes that are locked; the first signature freezes them, the second ends their session."""
    session = minutes.session
    if not minutes.sha256:
        refuse_unless(
            recording.is_same(recording.gather(session), minutes),
            "Ce qui est enregistré de la séance a changé depuis que ce texte en a été produit : produisez-le de nouveau"
            " avant de le signer.",
        )
        minutes.sha256 = fingerprint(minutes)
        minutes.save(update_fields=["sha256"])
    signature = MinutesSignature.objects.create(
        minutes=minutes, role=role, user=by, sha256=minutes.sha256, signed_at=clock.now()
    )
    journal.record("minutes.signed", minutes, by=by, role=role, sha256=minutes.sha256)
    if minutes.signatures.count() < len(Role):
        waiting = [person for _, people in access.missing(minutes) for person in people]
        journal.post(*minutes_emails.to_sign(minutes, waiting, signed=signature))
        return signature
    lifecycle.move_session(session, Meeting.MINUTES_SIGNED)
    session.save(update_fields=["state"])
    journal.record("session.minutes_signed", session, by=by, sha256=minutes.sha256)
    documents.request(PDF, str(minutes.pk))
    journal.post(*minutes_emails.signed(minutes))
    return signature


def _locked(minutes):
    """The minutes and their session, locked: the session first, as everywhere."""
    session = CommitteeSession.objects.locked(minutes.session)
    minutes = Minutes.objects.select_for_update(of=["self"]).select_related("saved_by").get(pk=minutes.pk)
    minutes.session = session
    return minutes


def _locked_to_prepare(session, by):
    session = CommitteeSession.objects.locked(session)
    _refuse_unless_preparing(session, by)
    return session


def _refuse_unless_preparing(session, by):
    require(access.can_prepare(by, session))
    refuse_unless(
        session.state in (Meeting.CLOSED, Meeting.MINUTES_SIGNED),
        f"La séance est {session.get_state_display()} : son relevé se produit une fois qu’elle est close.",
    )
    refuse_unless(session.state == Meeting.CLOSED, "Le relevé est signé : il ne change plus.")
    refuse_unless(access.reads_all(by, session), IN_PART)


def _refuse_unless_unsigned(minutes):
    refuse_unless(not minutes.signatures.exists(), FROZEN)


def _role_to_sign(minutes, by):
    """As whom someone signs now."""
    refuse_unless(minutes.session.state == Meeting.CLOSED, "Le relevé est déjà signé.")
    refuse_unless(not minutes.signatures.filter(user=by).exists(), "Vous avez déjà signé ce relevé.")
    role = access.role_of(by, minutes)
    if access.can_prepare(by, minutes.session):
        refuse_unless(access.reads_all(by, minutes.session), IN_PART)
        refuse_unless(role, "Le secrétariat a déjà signé ce relevé ; la présidence le signe à son tour.")
    require(role)
    return role


def _kept(text):
    """The text as it is kept: lines end one way, whatever browser sent them."""
    return "\n".join(line.rstrip() for line in text.replace("\0", "").splitlines()).strip() + "\n"


def _save(minutes, text, by, *, produced):
    minutes.text, minutes.saved_by, minutes.saved_at = text, by, clock.now()
    minutes.version += 1
    minutes.save(update_fields=["recorded", "text", "version", "saved_by", "saved_at"])
    _keep_version(minutes, produced=produced)


def _keep_version(minutes, *, produced):
    MinutesVersion.objects.create(
        minutes=minutes,
        number=minutes.version,
        produced=produced,
        text=minutes.text,
        saved_by=minutes.saved_by,
    )


def _others(people, by):
    return [person for person in people if person.pk != by.pk]
