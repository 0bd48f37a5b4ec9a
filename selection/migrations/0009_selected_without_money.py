from django.db import migrations, models


class Migration(migrations.Migration):
    """A contest that pays nothing selects without an amount."""

    dependencies = [
        ('selection', '0008_decision_label'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_amount_goes_with_selection',
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('amount__isnull', True), models.Q(('amount__gt', 0), ('outcome', 'selected')), _connector='OR'), name='decision_amount_goes_with_selection', violation_error_message='Un montant accompagne un projet retenu, et lui seul.'),
        ),
    ]
