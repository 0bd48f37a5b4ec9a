import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# What was sent stays as it was sent; that it was opened is written once, and only once it was sent.
SENT = """
CREATE FUNCTION selection_refuse_sent_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NULL THEN
        RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.opened_at IS NULL
        AND to_jsonb(NEW) - 'opened_at' - 'opened_by_id' = to_jsonb(OLD) - 'opened_at' - 'opened_by_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'letter % is sent', OLD.id USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER selection_letter_sent BEFORE UPDATE OR DELETE ON selection_letter
    FOR EACH ROW EXECUTE FUNCTION selection_refuse_sent_letter();
"""


class Migration(migrations.Migration):
    """The letters of a decision: prepared, asked for, sent once, opened once."""

    dependencies = [
        ('calls', '0012_review_target'),
        ('selection', '0026_minutes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='contenu')),
                ('prepared_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='envoi demandé le')),
                ('failure', models.TextField(blank=True, db_default='', verbose_name='ce qui a empêché l’envoi')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='envoyée le')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='ouverte le')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='letter', to='selection.decision')),
                ('opened_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'lettre',
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('asked_at__isnull', False), ('sent_at', None)), fields=['id'], name='letter_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(('sent_at', None), models.Q(('asked_at__isnull', False), ('asked_by__isnull', False), ('failure', '')), _connector='OR'), name='letter_sent_was_asked'), models.CheckConstraint(condition=models.Q(models.Q(('opened_at', None), ('opened_by', None)), models.Q(('opened_at__isnull', False), ('opened_by__isnull', False), ('sent_at__isnull', False)), _connector='OR'), name='letter_opened_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='LetterWording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('selected', 'retenu'), ('reserve', 'liste complémentaire'), ('deferred', 'ajourné'), ('rejected', 'non retenu')], max_length=10, verbose_name='décision')),
                ('text', models.TextField(max_length=10000, verbose_name='texte')),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('call', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='letter_wordings', to='calls.call', verbose_name='appel')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('fund', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='letter_wordings', to='calls.fund', verbose_name='fonds')),
            ],
            options={
                'verbose_name': 'texte de lettre',
                'verbose_name_plural': 'textes de lettre',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('call', None)), fields=('fund', 'outcome'), name='letter_wording_once_of_fund'), models.UniqueConstraint(fields=('call', 'outcome'), name='letter_wording_once_of_call')],
            },
        ),
        migrations.RunSQL(SENT),
    ]
