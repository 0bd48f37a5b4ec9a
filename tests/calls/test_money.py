"""How people type euros and percentages, and how they are shown."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from calls.money import AmountField, PercentField, euros, published_amount, short_euros
from calls.templatetags.money import file_size, percent

INVALID = "Écrivez un montant en chiffres, par exemple 1 234 567,89."
TOO_LARGE = "Ce montant est trop grand : 999 999 999 999,99 € au plus."


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1 234 567,89", "1234567.89"),
        ("1\u00a0234\u00a0567,89", "1234567.89"),
        ("1\u202f234\u202f567,89\u00a0€", "1234567.89"),
        ("1234567.89", "1234567.89"),
        ("500 000 €", "500000"),
        ("  12 ", "12"),
        ("0", "0"),
        ("0,5", "0.5"),
        ("1.234,5 k€", "1234500"),
        ("1,2 M€", "1200000"),
        ("12 k€", "12000"),
        ("1,5Md€", "1500000000"),
        ("1.234.567", "1234567"),
        ("1.234,56", "1234.56"),
        ("999 999 999 999,99", "999999999999.99"),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed, meant):
    assert AmountField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("-1", "Le montant ne peut pas être négatif."),
        ("-0,01", "Le montant ne peut pas être négatif."),
        ("douze", INVALID),
        ("12 k€ k€", INVALID),
        ("k€", INVALID),
        ("1e5", INVALID),
        ("1\x002", INVALID),
        ("NaN", INVALID),
        ("Infinity", INVALID),
        ("1,234,567", INVALID),
        ("0x10", INVALID),
        ("1_000", INVALID),
        ("²", INVALID),
        ("1 000 000 000 000", TOO_LARGE),
        ("9" * 5000, TOO_LARGE),
        ("1 000 Md€", TOO_LARGE),
        ("9" * 5000 + "k€", TOO_LARGE),
        ("1.234", "Deux chiffres au plus après la virgule."),
        ("0,000001 k€", "Deux chiffres au plus après la virgule."),
        ("1,234", "Deux chiffres au plus après la virgule."),
    ],
)
def test_an_amount_that_is_none_is_refused_with_the_reason(typed, told):
    with pytest.raises(ValidationError) as refusal:
        AmountField().clean(typed)

    assert refusal.value.messages[0] == told


def test_an_amount_may_be_left_out_where_it_is_optional():
    assert AmountField(required=False).clean("") is None


def test_an_amount_shown_in_a_form_reads_back_the_same():
    field = AmountField()

    assert field.clean(field.prepare_value(Decimal("1234567.80"))) == Decimal("1234567.80")


@pytest.mark.parametrize(
    ("typed", "meant"), [("50", "0.5"), ("33,33 %", "0.3333"), ("0", "0"), ("100", "1"), ("7.5", "0.075")]
)
def test_a_percentage_is_kept_as_a_fraction(typed, meant):
    assert PercentField().clean(typed) == Decimal(meant)


@pytest.mark.parametrize(
    "typed", ["-1", "100,01", "cinquante", "NaN", "Infinity", "1e5", "5e1", "33,333", "1_0"]
)
def test_a_percentage_that_is_none_is_refused(typed):
    with pytest.raises(ValidationError):
        PercentField().clean(typed)


def test_a_percentage_shown_in_a_form_reads_back_the_same():
    field = PercentField()

    assert field.clean(field.prepare_value(Decimal("0.3333"))) == Decimal("0.3333")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234567"), "1\u202f234\u202f567\u00a0€"),
        (Decimal("1234567.80"), "1\u202f234\u202f567,80\u00a0€"),
        (Decimal("0"), "0\u00a0€"),
        (None, "non communiqué"),
        ("", "non communiqué"),
    ],
)
def test_an_amount_is_written_in_full(value, text):
    assert euros(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1234567", "1,2\u00a0M€"),
        ("5000000", "5\u00a0M€"),
        ("850000", "850\u00a0k€"),
        ("999999", "1\u00a0M€"),
        ("999999999", "1\u00a0Md€"),
        ("700000000", "700\u00a0M€"),
        ("2500000000", "2,5\u00a0Md€"),
        ("999", "999\u00a0€"),
        ("0", "0\u00a0€"),
    ],
)
def test_an_amount_is_written_at_a_glance(value, text):
    assert short_euros(Decimal(value)) == text


def test_an_unknown_amount_is_never_zero():
    assert short_euros(None) == "non communiqué"


@pytest.mark.parametrize(
    ("value", "qualifier", "text"),
    [
        (Decimal("5000000"), "more_than", "plus de 5\u00a0M€"),
        (Decimal("5000000"), "approx", "environ 5\u00a0M€"),
        (Decimal("5000000"), "official", "5\u00a0M€"),
        (Decimal("5000000"), "", "5\u00a0M€"),
        (None, "more_than", "non communiqué"),
    ],
)
def test_a_published_amount_keeps_what_its_source_says_of_it(value, qualifier, text):
    assert published_amount(value, qualifier) == text


@pytest.mark.parametrize(
    ("rate", "text"),
    [(Decimal("0.5"), "50\u00a0%"), (Decimal("0.3333"), "33,33\u00a0%"), (None, "non communiqué")],
)
def test_a_rate_is_written_as_a_percentage(rate, text):
    assert percent(rate) == text


@pytest.mark.parametrize(
    ("size", "text"), [(405_500, "405,5\u00a0Ko"), (20_000_000, "20,0\u00a0Mo"), (12, "12\u00a0octets")]
)
def test_a_size_is_written_as_people_read_it(size, text):
    assert file_size(size) == text
