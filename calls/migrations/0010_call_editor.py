import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """All that a fund chooses for a call, its outcomes, and the form as it is being written."""

    dependencies = [
        ('calls', '0009_fund_press_contact'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('definition', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('version', models.PositiveIntegerField(default=0)),
                ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'formulaire en préparation',
                'verbose_name_plural': 'formulaires en préparation',
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=80, verbose_name='décision')),
                ('state', models.CharField(choices=[('selected', 'retenu'), ('reserve', 'liste complémentaire'), ('deferred', 'ajourné'), ('rejected', 'non retenu')], max_length=10, verbose_name='effet')),
            ],
            options={
                'verbose_name': 'issue',
                'ordering': ['call', 'position'],
            },
        ),
        migrations.AddField(
            model_name='call',
            name='anonymous',
            field=models.BooleanField(default=False, help_text='Le nom de l’administration est caché au comité, et cherché dans les textes et les fichiers.', verbose_name='candidature anonyme'),
        ),
        migrations.AddField(
            model_name='call',
            name='decided_by',
            field=models.CharField(blank=True, choices=[('steering_committee', 'le comité de pilotage'), ('jury', 'un jury')], max_length=20, verbose_name='qui décide'),
        ),
        migrations.AddField(
            model_name='call',
            name='expected_laureates',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='nombre de lauréats prévu'),
        ),
        migrations.AddField(
            model_name='call',
            name='flat_grant',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='subvention forfaitaire'),
        ),
        migrations.AddField(
            model_name='call',
            name='has_hearings',
            field=models.BooleanField(default=False, verbose_name='les présélectionnés sont auditionnés'),
        ),
        migrations.AddField(
            model_name='call',
            name='next_steps',
            field=models.TextField(blank=True, help_text='Ce qui se passe après le dépôt : qui examine les dossiers, quand, et comment on l’apprend.', verbose_name='la suite du dépôt'),
        ),
        migrations.AddField(
            model_name='call',
            name='paid_by',
            field=models.CharField(blank=True, choices=[('fund', 'le fonds'), ('operator', 'l’opérateur du fonds'), ('nobody', 'personne : l’appel ne verse pas d’argent')], max_length=20, verbose_name='qui signe et paie'),
        ),
        migrations.AddField(
            model_name='call',
            name='proposed_by',
            field=models.CharField(blank=True, choices=[('secretariat', 'le secrétariat du fonds'), ('experts', 'un comité d’experts')], max_length=20, verbose_name='qui propose'),
        ),
        migrations.AddField(
            model_name='call',
            name='return_remarks',
            field=models.TextField(blank=True, verbose_name='remarques de la personne responsable'),
        ),
        migrations.AddField(
            model_name='call',
            name='savings_horizon',
            field=models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MaxValueValidator(20)], verbose_name='économies mesurées combien d’années après la fin'),
        ),
        migrations.AddField(
            model_name='call',
            name='savings_measure',
            field=models.CharField(blank=True, choices=[('yearly', 'de la dernière année'), ('cumulated', 'cumulées jusqu’à cette année')], max_length=20, verbose_name='économies retenues pour le ratio'),
        ),
        migrations.AddField(
            model_name='call',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='call',
            name='submitted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='carrierrule',
            name='base',
            field=models.CharField(blank=True, choices=[('grant', 'la subvention demandée'), ('total_cost', 'le coût total du projet'), ('eligible_cost', 'le coût éligible du projet'), ('unspecified', 'un montant que la source ne précise pas')], max_length=20, verbose_name='les montants portent sur'),
        ),
        migrations.AddField(
            model_name='correction',
            name='form',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='calls.formversion', verbose_name='nouvelle version du formulaire'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='key',
            field=models.SlugField(default='', max_length=60),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "UPDATE calls_criterion SET key = 'critere-' || position",
            migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name='criterion',
            name='levels',
            field=models.JSONField(blank=True, default=list, verbose_name='repères'),
        ),
        migrations.AddField(
            model_name='criterion',
            name='minimum',
            field=models.PositiveSmallIntegerField(blank=True, help_text='En dessous, un dossier ne peut pas être retenu. Vide : aucune.', null=True, verbose_name='note minimale'),
        ),
        migrations.AddField(
            model_name='formversion',
            name='published_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
        ),
        migrations.AddField(
            model_name='formversion',
            name='published_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='call',
            name='state',
            field=models.CharField(choices=[('draft', 'en préparation'), ('submitted', 'soumis à publication'), ('published', 'publié'), ('archived', 'archivé')], default='draft', max_length=10),
        ),
        migrations.AlterField(
            model_name='criterion',
            name='guidance',
            field=models.TextField(blank=True, help_text='Ce que ce critère regarde.', verbose_name='description'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'submitted'), _negated=True), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='call_submitted_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='call',
            constraint=models.CheckConstraint(condition=models.Q(('has_hearings', False), ('has_shortlist', True), _connector='OR'), name='call_hearings_need_a_shortlist', violation_error_message='Les auditions supposent une présélection.'),
        ),
        migrations.AddConstraint(
            model_name='criterion',
            constraint=models.UniqueConstraint(fields=('call', 'key'), name='criterion_key_once'),
        ),
        migrations.AddField(
            model_name='formdraft',
            name='call',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='form_draft', to='calls.call'),
        ),
        migrations.AddField(
            model_name='formdraft',
            name='changed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='outcome',
            name='call',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='calls.call'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.UniqueConstraint(fields=('call', 'position'), name='outcome_position_once'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.UniqueConstraint(fields=('call', 'label'), name='outcome_label_once'),
        ),
    ]
