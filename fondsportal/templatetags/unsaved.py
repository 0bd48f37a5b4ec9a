"""What a refused form was sent with, for the page that says so."""

from django import template

from accounts import kept_posts

register = template.Library()

SHORTEST = 20  # characters: below, and in a single word, it is a choice rather than a text


@register.simple_tag
def unsaved_of(request):
    """{"texts": (label, text) of each text, "files": their names} of what was sent; the names of its fields are ours,
    hence numbers for labels."""
    kept = kept_posts.of(request)
    texts = (
        [value for _, value in kept.typed if len(value.split()) > 1 or len(value) > SHORTEST] if kept else []
    )
    return {
        "texts": [
            ("Texte" if len(texts) == 1 else f"Texte {rank}", text) for rank, text in enumerate(texts, 1)
        ],
        "files": kept.files if kept else [],
    }
