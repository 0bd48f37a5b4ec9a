import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models

# What a laureate gave up is granted no more: once, as a decision has one withdrawal, which never changes.
GRANTED = """
CREATE OR REPLACE FUNCTION selection_granted(asked_envelope bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(decision.amount), 0) FROM selection_decision decision
    WHERE decision.envelope_id = asked_envelope
        AND (
            decision.promotion_id IS NOT NULL
            OR EXISTS (SELECT 1 FROM selection_agendaitem item WHERE item.decision_id = decision.id)
        )
        AND NOT EXISTS (SELECT 1 FROM selection_withdrawal gone WHERE gone.decision_id = decision.id)
$$;
"""
GRANTED_BEFORE = """
CREATE OR REPLACE FUNCTION selection_granted(asked_envelope bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(decision.amount), 0) FROM selection_decision decision
    JOIN selection_agendaitem item ON item.decision_id = decision.id
    WHERE decision.envelope_id = asked_envelope
$$;
"""
# A decision that takes a project from the reserve list draws on the envelope as it is written: no item points to it.
PROMOTED = """
CREATE FUNCTION selection_guard_promoted_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    available numeric;
BEGIN
    SELECT commitments INTO available FROM calls_envelope WHERE id = NEW.envelope_id FOR UPDATE;
    IF NOT EXISTS (
        SELECT 1 FROM selection_promotion promotion
        JOIN selection_decision reserve ON reserve.id = promotion.reserve_id
        WHERE promotion.id = NEW.promotion_id AND promotion.state = 'proposed'
            AND reserve.item_id = NEW.item_id AND reserve.outcome = 'reserve'
    ) THEN
        RAISE EXCEPTION 'decision % is not what promotion % proposes', NEW.id, NEW.promotion_id
            USING ERRCODE = 'check_violation';
    END IF;
    IF selection_granted(NEW.envelope_id) > available THEN
        RAISE EXCEPTION 'envelope % holds %, % would be granted', NEW.envelope_id, available,
            selection_granted(NEW.envelope_id) USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER selection_decision_promoted AFTER INSERT ON selection_decision
    FOR EACH ROW WHEN (NEW.promotion_id IS NOT NULL) EXECUTE FUNCTION selection_guard_promoted_decision();
"""
PROMOTED_BEFORE = """
DROP TRIGGER selection_decision_promoted ON selection_decision;
DROP FUNCTION selection_guard_promoted_decision();
"""
# What was given up stays given up; what the chair settled stays settled; what the public was told stays told.
KEPT = """
CREATE TRIGGER selection_withdrawal_append_only BEFORE UPDATE OR DELETE ON selection_withdrawal
    FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();

CREATE FUNCTION selection_refuse_settled_promotion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'proposed' OR TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'promotion % is settled', OLD.id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER selection_promotion_settled BEFORE UPDATE OR DELETE ON selection_promotion
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_settled_promotion();
"""
KEPT_BEFORE = """
DROP TRIGGER selection_withdrawal_append_only ON selection_withdrawal;
DROP TRIGGER selection_promotion_settled ON selection_promotion;
DROP FUNCTION selection_refuse_settled_promotion();
"""


class Migration(migrations.Migration):
    """A laureate gives up, the first of the reserve list takes its place, the public page says so."""

    dependencies = [
        ('accounts', '0006_confirmation_codes'),
        ('calls', '0012_review_target'),
        ('documents', '0004_file_text'),
        ('selection', '0028_announcement_around'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='LaureateChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('withdrew', 'désistement'), ('joined', 'reprise de la liste complémentaire')], max_length=10, verbose_name='changement')),
                ('on', models.DateField(verbose_name='le')),
                ('text', models.TextField(max_length=1000, verbose_name='texte public')),
                ('publish_at', models.DateTimeField(blank=True, null=True, verbose_name='publication')),
                ('prepared_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'changement après l’annonce',
                'verbose_name_plural': 'changements après l’annonce',
                'ordering': ['-publish_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Promotion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0.01'))], verbose_name='subvention proposée (€)')),
                ('state', models.CharField(choices=[('proposed', 'à valider par la présidence'), ('validated', 'validée'), ('refused', 'refusée'), ('lapsed', 'sans objet')], default='proposed', max_length=10)),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True, db_default='', verbose_name='motif')),
            ],
            options={
                'verbose_name': 'reprise de la liste complémentaire',
                'verbose_name_plural': 'reprises de la liste complémentaire',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(blank=True, verbose_name='motif')),
                ('given_on', models.DateField(verbose_name='donné le')),
                ('by_letter', models.BooleanField(db_default=False, default=False, verbose_name='reçu par courrier')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'désistement',
                'ordering': ['-recorded_at', '-id'],
            },
        ),
        migrations.RemoveIndex(
            model_name='laureate',
            name='laureate_figures',
        ),
        migrations.AddIndex(
            model_name='laureate',
            index=models.Index(fields=['fund', 'year', 'ministry'], include=('id', 'amount', 'amount_qualifier', 'fictitious', 'announcement'), name='laureate_figures'),
        ),
        migrations.AddField(
            model_name='laureatechange',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='laureatechange',
            name='laureate',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='selection.laureate'),
        ),
        migrations.AddField(
            model_name='laureatechange',
            name='prepared_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promotion',
            name='reserve',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promotions', to='selection.decision'),
        ),
        migrations.AddField(
            model_name='promotion',
            name='settled_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='decision',
            name='promotion',
            field=models.OneToOneField(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='selection.promotion', verbose_name='reprise de la liste complémentaire'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('promotion__isnull', True), models.Q(('envelope__isnull', False), ('outcome', 'selected')), _connector='OR'), name='decision_promoted_is_selected'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='decision',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='selection.decision'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='letter',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='promotion',
            name='withdrawal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='promotions', to='selection.withdrawal'),
        ),
        migrations.AddConstraint(
            model_name='laureatechange',
            constraint=models.UniqueConstraint(fields=('laureate', 'kind'), name='laureate_change_once'),
        ),
        migrations.AddConstraint(
            model_name='laureatechange',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='laureate_change_is_told'),
        ),
        migrations.AddConstraint(
            model_name='laureatechange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None), ('publish_at', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), ('publish_at__isnull', False)), _connector='OR'), name='laureate_change_published_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='withdrawal',
            constraint=models.CheckConstraint(condition=models.Q(('letter__isnull', True), ('by_letter', True), _connector='OR'), name='withdrawal_letter_came_by_letter'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'validated'])), fields=('withdrawal',), name='promotion_one_for_a_place'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'validated'])), fields=('reserve',), name='promotion_one_of_a_project'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('state', 'proposed')), models.Q(('settled_at__isnull', False), ('state', 'lapsed')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), ('state__in', ['validated', 'refused'])), _connector='OR'), name='promotion_settled_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='promotion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='promotion_refused_with_a_reason'),
        ),
        migrations.RunSQL(GRANTED, GRANTED_BEFORE),
        migrations.RunSQL(PROMOTED, PROMOTED_BEFORE),
        migrations.RunSQL(KEPT, KEPT_BEFORE),
    ]
