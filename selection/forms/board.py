from django import forms


class TimerForm(forms.Form):
    mark_optional = False
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=180)
