from django import template

from calls import eligibility

register = template.Library()
register.filter("amounts", eligibility.amounts_text)
register.filter("carriers", eligibility.carriers_text)
