import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# The words of a text for the radar: its French stems, and their first four letters as words of their own (with a « 0 »
# behind, which no stem has). Positions are kept, so that one can tell how often each is there.
WORDS = """
CREATE FUNCTION selection_radar_words(body text) RETURNS tsvector LANGUAGE sql STABLE AS $$
    WITH stems AS (SELECT to_tsvector('french_portal', body) AS words)
    SELECT stems.words || coalesce((
        SELECT to_tsvector('simple', string_agg(left(said.lexeme, 4) || '0', ' '))
        FROM unnest(stems.words) AS said CROSS JOIN unnest(said.positions)
        WHERE said.lexeme ~ '^[a-z]{4,}$'
    ), ''::tsvector)
    FROM stems
$$;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('applications', '0006_certifier_alerts'),
        ('selection', '0013_case_lists'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(WORDS, "DROP FUNCTION selection_radar_words(text)"),
        migrations.CreateModel(
            name='RadarText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('read_from', models.CharField(blank=True, max_length=32)),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('compared_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'texte du radar',
                'verbose_name_plural': 'textes du radar',
            },
        ),
        migrations.CreateModel(
            name='RadarWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.TextField(unique=True)),
                ('texts', models.PositiveIntegerField()),
                ('rarity', models.FloatField()),
            ],
            options={
                'verbose_name': 'mot du radar',
                'verbose_name_plural': 'mots du radar',
            },
        ),
        migrations.AddField(
            model_name='meetingsuggestion',
            name='met_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='meetingsuggestion',
            constraint=models.CheckConstraint(condition=models.Q(('met_at', None), models.Q(('first_agrees', True), ('second_agrees', True)), _connector='OR'), name='meeting_of_both_who_agree'),
        ),
        migrations.AddField(
            model_name='radartext',
            name='case',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='radar_text', to='selection.case'),
        ),
        migrations.AddField(
            model_name='radartext',
            name='laureate',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='radar_text', to='selection.laureate'),
        ),
        migrations.AddField(
            model_name='radartext',
            name='submission',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.submission'),
        ),
        migrations.AddIndex(
            model_name='radartext',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='radar_words'),
        ),
        migrations.AddIndex(
            model_name='radartext',
            index=models.Index(condition=models.Q(('compared_at', None)), fields=['id'], name='radar_to_compare'),
        ),
        migrations.AddConstraint(
            model_name='radartext',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', True), ('laureate__isnull', False), ('submission__isnull', True)), models.Q(('case__isnull', False), ('laureate__isnull', True), ('submission__isnull', False)), _connector='OR'), name='radar_text_of_one_thing'),
        ),
    ]
