import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


PARTS = ["indicator", "plannedmilestone", "partner", "componentproject"]


class Migration(migrations.Migration):
    """The other tables of a dossier, frozen like the first ones, and what a corrected form did to a draft."""

    dependencies = [
        ('accounts', '0002_public_domains'),
        ('applications', '0002_filed_is_frozen'),
        ('calls', '0010_call_editor'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='question_key',
            field=models.SlugField(blank=True, max_length=60, verbose_name='question'),
        ),
        migrations.AlterField(
            model_name='sectionanswers',
            name='section_key',
            field=models.SlugField(max_length=60),
        ),
        migrations.CreateModel(
            name='Indicator',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=160, verbose_name='indicateur')),
                ('unit', models.CharField(blank=True, max_length=40, verbose_name='unité')),
                ('baseline', models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name='valeur de départ')),
                ('baseline_year', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='année de départ')),
                ('target', models.DecimalField(decimal_places=4, max_digits=16, verbose_name='cible')),
                ('target_year', models.PositiveSmallIntegerField(validators=[django.core.validators.MinValueValidator(2000), django.core.validators.MaxValueValidator(2100)], verbose_name='année de la cible')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='indicators', to='applications.application')),
            ],
            options={
                'verbose_name': 'indicateur',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PlannedMilestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=160, verbose_name='jalon')),
                ('due_on', models.DateField(verbose_name='date prévue')),
                ('evidence', models.CharField(blank=True, max_length=200, verbose_name='preuve')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='applications.application')),
            ],
            options={
                'verbose_name': 'jalon',
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ComponentProject',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=160, verbose_name='projet')),
                ('carrier', models.CharField(max_length=200, verbose_name='porteur')),
                ('grant', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='subvention demandée (€)')),
                ('total_cost', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='coût total (€)')),
                ('savings', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='économies attendues (€)')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='applications.application')),
            ],
            options={
                'verbose_name': 'projet composant',
                'verbose_name_plural': 'projets composants',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('grant__gte', 0), ('total_cost__gte', models.F('grant'))), name='component_grant_within_cost', violation_error_message='La subvention ne dépasse pas le coût total du projet.')],
            },
        ),
        migrations.CreateModel(
            name='FormMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('moved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='form_moves', to='applications.application')),
                ('from_form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calls.formversion')),
                ('to_form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calls.formversion')),
            ],
            options={
                'verbose_name': 'passage à un formulaire corrigé',
                'verbose_name_plural': 'passages à un formulaire corrigé',
                'ordering': ['application', '-id'],
                'constraints': [models.UniqueConstraint(fields=('application', 'to_form'), name='form_move_once')],
            },
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=200, verbose_name='nom')),
                ('role', models.CharField(max_length=300, verbose_name='rôle')),
                ('contribution', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='apport (€)')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='partners', to='applications.application')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation', verbose_name='organisme')),
            ],
            options={
                'verbose_name': 'partenaire',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('organisation__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='partner_is_known', violation_error_message='Choisissez un organisme ou écrivez son nom.'), models.CheckConstraint(condition=models.Q(('contribution__isnull', True), ('contribution__gte', 0), _connector='OR'), name='partner_contribution_not_negative')],
            },
        ),
        *(
            migrations.RunSQL(
                f"""
                CREATE TRIGGER applications_{part}_frozen BEFORE INSERT OR UPDATE OR DELETE ON applications_{part}
                    FOR EACH ROW EXECUTE FUNCTION applications_refuse_when_filed();
                """,
                f"DROP TRIGGER applications_{part}_frozen ON applications_{part};",
            )
            for part in PARTS
        ),
        migrations.RunSQL(
            """
            CREATE TRIGGER applications_formmove_append_only BEFORE UPDATE OR DELETE ON applications_formmove
                FOR EACH ROW EXECUTE FUNCTION portal_refuse_change();
            """,
            "DROP TRIGGER applications_formmove_append_only ON applications_formmove;",
        ),
    ]
