# What the list of dossiers needs in the table that it reads: themes, the order of titles, what is still to be searched.
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models

FOLLOW = """
CREATE OR REPLACE FUNCTION selection_case_of(filed bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO selection_case (
        application_id, call_id, submission_id, title, carrier, carrier_kind, ministry_id,
        requested_grant, total_cost, promised_savings, filed_at, themes, withdrawn
    )
    SELECT application.id, application.call_id, submission.id,
        left(coalesce(submission.content ->> 'title', application.title), 160),
        left(coalesce(submission.content #>> '{organisation,name}', body.name), 200),
        body.kind,
        CASE WHEN body.kind = 'ministere' THEN body.id ELSE body.supervising_ministry_id END,
        submission.requested_grant, submission.total_cost, submission.promised_savings, submission.filed_at,
        ARRAY(SELECT jsonb_array_elements_text(coalesce(submission.content -> 'themes', '[]'))),
        application.state = 'withdrawn'
    FROM applications_submission submission
    JOIN applications_application application ON application.id = submission.application_id
    JOIN accounts_organisation body ON body.id = application.organisation_id
    WHERE submission.id = filed
    ON CONFLICT (application_id) DO UPDATE SET
        call_id = excluded.call_id, submission_id = excluded.submission_id, title = excluded.title,
        carrier = excluded.carrier, carrier_kind = excluded.carrier_kind, ministry_id = excluded.ministry_id,
        requested_grant = excluded.requested_grant, total_cost = excluded.total_cost,
        promised_savings = excluded.promised_savings, filed_at = excluded.filed_at, themes = excluded.themes,
        withdrawn = excluded.withdrawn
$$;
"""
FOLLOW_AS_BEFORE = """
CREATE OR REPLACE FUNCTION selection_case_of(filed bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO selection_case (
        application_id, call_id, submission_id, title, carrier, carrier_kind, ministry_id,
        requested_grant, total_cost, promised_savings, filed_at, withdrawn
    )
    SELECT application.id, application.call_id, submission.id,
        left(coalesce(submission.content ->> 'title', application.title), 160),
        left(coalesce(submission.content #>> '{organisation,name}', body.name), 200),
        body.kind,
        CASE WHEN body.kind = 'ministere' THEN body.id ELSE body.supervising_ministry_id END,
        submission.requested_grant, submission.total_cost, submission.promised_savings, submission.filed_at,
        application.state = 'withdrawn'
    FROM applications_submission submission
    JOIN applications_application application ON application.id = submission.application_id
    JOIN accounts_organisation body ON body.id = application.organisation_id
    WHERE submission.id = filed
    ON CONFLICT (application_id) DO UPDATE SET
        call_id = excluded.call_id, submission_id = excluded.submission_id, title = excluded.title,
        carrier = excluded.carrier, carrier_kind = excluded.carrier_kind, ministry_id = excluded.ministry_id,
        requested_grant = excluded.requested_grant, total_cost = excluded.total_cost,
        promised_savings = excluded.promised_savings, filed_at = excluded.filed_at, withdrawn = excluded.withdrawn
$$;
"""
# Checked at once: the indexes made next are refused while a constraint waits for the end of the transaction.
CATCH_UP = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE selection_case SET themes = ARRAY(
    SELECT jsonb_array_elements_text(coalesce(submission.content -> 'themes', '[]'))
) FROM applications_submission submission WHERE submission.id = selection_case.submission_id;
"""


class Migration(migrations.Migration):

    dependencies = [("selection", "0012_shortlist_choice")]

    operations = [
        migrations.AddField(
            model_name='case',
            name='files_awaited',
            field=models.PositiveSmallIntegerField(db_default=0, editable=False, verbose_name='fichiers à lire'),
        ),
        migrations.AddField(
            model_name='case',
            name='search_cut',
            field=models.BooleanField(db_default=False, editable=False, verbose_name='recherche partielle'),
        ),
        migrations.AddField(
            model_name='case',
            name='sort_key',
            field=models.GeneratedField(db_persist=True, expression=models.Func('title', function='portal_sort_key'), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='case',
            name='themes',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), editable=False, null=True, size=None, verbose_name='thèmes'),
        ),
        migrations.RunSQL(FOLLOW, FOLLOW_AS_BEFORE),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['-filed_at', '-id'], name='case_all_by_filing'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('review_score'), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), name='case_all_by_score'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(models.OrderBy(models.F('requested_grant'), descending=True, nulls_last=True), models.OrderBy(models.F('id'), descending=True), name='case_all_by_amount'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['sort_key', 'id'], name='case_all_by_title'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('withdrawn', True)), fields=['-id'], name='case_withdrawn'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('indexed', None), models.Q(('indexed', models.F('submission')), _negated=True), ('files_awaited__gt', 0), _connector='OR'), fields=['id'], name='case_to_index'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=django.contrib.postgres.indexes.GinIndex(fields=['themes'], name='case_themes'),
        ),
    ]
