import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A session with its quorum, presences, sealed cards, votes, corrections, minutes and scenarios."""

    dependencies = [
        ('calls', '0012_review_target'),
        ('documents', '0004_file_text'),
        ('selection', '0019_long_work'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arrived_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('left_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'présence',
                'ordering': ['arrived_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Board',
            fields=[
                ('session', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='board', serialize=False, to='selection.committeesession')),
                ('timer_ends_at', models.DateTimeField(blank=True, null=True)),
                ('stir', models.PositiveBigIntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name': 'tableau de séance',
                'verbose_name_plural': 'tableaux de séance',
            },
        ),
        migrations.CreateModel(
            name='Calibration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('input_sha256', models.CharField(max_length=64)),
                ('result', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ('failure', models.TextField(blank=True, db_default='')),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('made_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'calibrage',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'empreinte scellée',
                'verbose_name_plural': 'empreintes scellées',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='DecisionReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='motif')),
            ],
            options={
                'verbose_name': 'motif d’une décision',
                'verbose_name_plural': 'motifs d’une décision',
                'ordering': ['criterion__position'],
            },
        ),
        migrations.CreateModel(
            name='Minutes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('text', models.TextField(verbose_name='relevé de décisions')),
                ('version', models.PositiveIntegerField(db_default=1, default=1)),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sha256', models.CharField(blank=True, db_default='', max_length=64)),
            ],
            options={
                'verbose_name': 'relevé de décisions',
                'verbose_name_plural': 'relevés de décisions',
            },
        ),
        migrations.CreateModel(
            name='MinutesSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('chair', 'présidence'), ('secretary', 'secrétariat')], max_length=10)),
                ('sha256', models.CharField(max_length=64)),
                ('signed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'signature du relevé',
                'verbose_name_plural': 'signatures du relevé',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='lu le')),
                ('note', models.TextField(blank=True, verbose_name='notes personnelles')),
                ('version', models.PositiveIntegerField(db_default=0, default=0)),
            ],
            options={
                'verbose_name': 'lecture',
            },
        ),
        migrations.CreateModel(
            name='Scenario',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='nom')),
                ('settings', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('result', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('presented', models.BooleanField(db_default=False, default=False, verbose_name='montré au comité')),
                ('saved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'scénario',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SessionDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, verbose_name='nom')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'document de séance',
                'verbose_name_plural': 'documents de séance',
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SessionStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, verbose_name='ce que je déclare')),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'verbose_name': 'déclaration d’intérêts de séance',
                'verbose_name_plural': 'déclarations d’intérêts de séance',
            },
        ),
        migrations.CreateModel(
            name='Vote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('mode', models.CharField(choices=[('roll_call', 'vote nominatif'), ('consensus', 'consensus constaté par la présidence')], max_length=12, verbose_name='mode')),
                ('opened_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('carried', models.BooleanField(null=True, verbose_name='adopté')),
                ('amount', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='montant majoritaire (€)')),
                ('note', models.TextField(blank=True, verbose_name='constat')),
            ],
            options={
                'verbose_name': 'vote',
                'ordering': ['item', 'number'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='committeeseat',
            name='one_chair',
        ),
        migrations.RemoveConstraint(
            model_name='scorecard',
            name='scorecard_once',
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='decision',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='standing_of', to='selection.decision', verbose_name='décision'),
        ),
        migrations.AddField(
            model_name='ballot',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='montant le plus élevé (€)'),
        ),
        migrations.AddField(
            model_name='committee',
            name='quorum',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Nombre de membres votants présents sans lesquels le comité ne vote pas. Vide : non communiqué.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='quorum'),
        ),
        migrations.AddField(
            model_name='committee',
            name='tie_rule',
            field=models.CharField(choices=[('against', 'le projet n’est pas adopté'), ('chair', 'la voix de la présidence est prépondérante')], db_default='against', default='against', max_length=8, verbose_name='en cas de partage des voix'),
        ),
        migrations.AddField(
            model_name='committee',
            name='vote_mode',
            field=models.CharField(choices=[('roll_call', 'vote nominatif'), ('consensus', 'consensus constaté par la présidence')], db_default='roll_call', default='roll_call', max_length=12, verbose_name='mode de vote'),
        ),
        migrations.AddField(
            model_name='committeeseat',
            name='ended_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='ne siège plus depuis'),
        ),
        migrations.AddField(
            model_name='committeeseat',
            name='is_voting',
            field=models.BooleanField(db_default=True, default=True, verbose_name='a voix délibérative'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='closed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='close le'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='notices',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name='convocations envoyées'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='opened_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='ouverte le'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='place',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='lieu'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='quorum',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='quorum'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='starts_at',
            field=models.TimeField(blank=True, null=True, verbose_name='heure'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='tie_rule',
            field=models.CharField(choices=[('against', 'le projet n’est pas adopté'), ('chair', 'la voix de la présidence est prépondérante')], db_default='against', default='against', max_length=8, verbose_name='en cas de partage des voix'),
        ),
        migrations.AddField(
            model_name='committeesession',
            name='vote_mode',
            field=models.CharField(choices=[('roll_call', 'vote nominatif'), ('consensus', 'consensus constaté par la présidence')], db_default='roll_call', default='roll_call', max_length=12, verbose_name='mode de vote'),
        ),
        migrations.AddField(
            model_name='decision',
            name='asked',
            field=models.TextField(blank=True, db_default='', verbose_name='ce qui est demandé pour la prochaine séance'),
        ),
        migrations.AddField(
            model_name='decision',
            name='conditions',
            field=models.TextField(blank=True, db_default='', verbose_name='conditions'),
        ),
        migrations.AddField(
            model_name='decision',
            name='correction',
            field=models.TextField(blank=True, db_default='', verbose_name='pourquoi la décision est corrigée'),
        ),
        migrations.AddField(
            model_name='decision',
            name='is_conditional',
            field=models.BooleanField(db_default=False, default=False, verbose_name='sous condition'),
        ),
        migrations.AddField(
            model_name='decision',
            name='milestones',
            field=models.TextField(blank=True, db_default='', verbose_name='jalons attendus'),
        ),
        migrations.AddField(
            model_name='decision',
            name='rank',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='rang sur la liste complémentaire'),
        ),
        migrations.AddField(
            model_name='decision',
            name='revision',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='scorecard',
            name='amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='subvention proposée (€)'),
        ),
        migrations.AddField(
            model_name='scorecard',
            name='nonce',
            field=models.CharField(blank=True, db_default='', max_length=64),
        ),
        migrations.AddField(
            model_name='scorecard',
            name='round',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='tour'),
        ),
        migrations.AlterField(
            model_name='agendaitem',
            name='state',
            field=models.CharField(choices=[('scoring', 'notation (scellée)'), ('revealed', 'notes révélées'), ('vote_open', 'vote ouvert'), ('voted', 'vote clos'), ('decided', 'décidé')], default='scoring', max_length=12),
        ),
        migrations.AlterField(
            model_name='decision',
            name='envelope',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='calls.envelope'),
        ),
        migrations.AlterField(
            model_name='decision',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='selection.agendaitem'),
        ),
        migrations.AddConstraint(
            model_name='committeeseat',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('is_chair', True)), fields=('committee',), name='one_chair'),
        ),
        migrations.AddConstraint(
            model_name='committeeseat',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('is_deputy_chair', True)), fields=('committee',), name='one_deputy_chair'),
        ),
        migrations.AddConstraint(
            model_name='committeeseat',
            constraint=models.CheckConstraint(condition=models.Q(('is_chair', False), ('is_deputy_chair', False), _connector='OR'), name='seat_chairs_or_deputises', violation_error_message='Un siège préside ou supplée, pas les deux.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(fields=('item', 'revision'), name='decision_revision_once'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correction', ''), ('revision', 1)), models.Q(('revision__gt', 1), models.Q(('correction', ''), _negated=True)), _connector='OR'), name='decision_corrected_with_a_reason', violation_error_message='Dites pourquoi la décision est corrigée.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('is_conditional', False), models.Q(('outcome', 'selected'), models.Q(('conditions', ''), _negated=True)), _connector='OR'), name='decision_condition_is_said', violation_error_message='Dites à quelle condition le projet est retenu.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('rank__isnull', True), ('outcome', 'reserve'), _connector='OR'), name='decision_rank_goes_with_reserve', violation_error_message='Un rang accompagne la liste complémentaire, et elle seule.'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.UniqueConstraint(fields=('item', 'seat', 'round'), name='scorecard_once'),
        ),
        migrations.AddConstraint(
            model_name='scorecard',
            constraint=models.CheckConstraint(condition=models.Q(('round__in', [1, 2])), name='scorecard_round'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='selection.committeeseat'),
        ),
        migrations.AddField(
            model_name='attendance',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendances', to='selection.committeesession'),
        ),
        migrations.AddField(
            model_name='board',
            name='current',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='selection.agendaitem'),
        ),
        migrations.AddField(
            model_name='calibration',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calibration',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calibrations', to='selection.committeesession'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='selection.agendaitem'),
        ),
        migrations.AddField(
            model_name='commitment',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='selection.committeeseat'),
        ),
        migrations.AddField(
            model_name='decisionreason',
            name='criterion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='calls.criterion'),
        ),
        migrations.AddField(
            model_name='decisionreason',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reasons', to='selection.decision'),
        ),
        migrations.AddField(
            model_name='minutes',
            name='saved_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='minutes',
            name='session',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='minutes', to='selection.committeesession'),
        ),
        migrations.AddField(
            model_name='minutessignature',
            name='minutes',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='selection.minutes'),
        ),
        migrations.AddField(
            model_name='minutessignature',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reading',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='selection.agendaitem'),
        ),
        migrations.AddField(
            model_name='reading',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='selection.committeeseat'),
        ),
        migrations.AddField(
            model_name='scenario',
            name='saved_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='scenario',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scenarios', to='selection.committeesession'),
        ),
        migrations.AddField(
            model_name='sessiondocument',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sessiondocument',
            name='file',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile'),
        ),
        migrations.AddField(
            model_name='sessiondocument',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='selection.committeesession'),
        ),
        migrations.AddField(
            model_name='sessionstatement',
            name='seat',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='selection.committeeseat'),
        ),
        migrations.AddField(
            model_name='sessionstatement',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='selection.committeesession'),
        ),
        migrations.AddField(
            model_name='vote',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='vote',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='selection.agendaitem'),
        ),
        migrations.AddField(
            model_name='vote',
            name='opened_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ballot',
            name='vote',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='selection.vote'),
        ),
        migrations.AddConstraint(
            model_name='ballot',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('amount__gt', 0), ('choice', 'for')), _connector='OR'), name='ballot_amount_goes_with_for'),
        ),
        migrations.AddConstraint(
            model_name='attendance',
            constraint=models.UniqueConstraint(condition=models.Q(('left_at', None)), fields=('session', 'seat'), name='present_once'),
        ),
        migrations.AddConstraint(
            model_name='decisionreason',
            constraint=models.UniqueConstraint(fields=('decision', 'criterion'), name='decision_reason_once'),
        ),
        migrations.AddConstraint(
            model_name='minutessignature',
            constraint=models.UniqueConstraint(fields=('minutes', 'role'), name='signature_once'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.UniqueConstraint(fields=('item', 'seat'), name='reading_once'),
        ),
        migrations.AddConstraint(
            model_name='scenario',
            constraint=models.UniqueConstraint(fields=('session', 'name'), name='scenario_name_once', violation_error_message='Un scénario de cette séance porte déjà ce nom.'),
        ),
        migrations.AddConstraint(
            model_name='sessionstatement',
            constraint=models.UniqueConstraint(fields=('session', 'seat'), name='statement_once'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(fields=('item', 'number'), name='vote_number_once'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('item',), name='one_vote_open'),
        ),
        migrations.AddConstraint(
            model_name='vote',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('carried__isnull', True), ('closed_at__isnull', True), ('closed_by__isnull', True)), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False)), _connector='OR'), name='vote_result_at_its_closing'),
        ),
    ]
