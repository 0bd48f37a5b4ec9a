"""Where the words that one looks for stand in the dossiers of a page: in which answer, or in which file."""

from django.db import connection

from calls import search

LONGEST = 20_000  # characters of one answer or file that are read again to show a passage
# Of each case: the first answer that holds a word, and the first file; the text is read again, for a page alone.
FOUND = """
SELECT DISTINCT ON (selection_case.id) selection_case.id, piece.place, piece.name,
    ts_headline(%(config)s::regconfig, piece.text, piece.query, %(options)s)
FROM selection_case
JOIN applications_submission submission ON submission.id = selection_case.submission_id
CROSS JOIN websearch_to_tsquery(%(config)s::regconfig, %(words)s) query
CROSS JOIN LATERAL (
    (SELECT 1 AS place, answer ->> 'label' AS name, left(answer ->> 'text', %(longest)s) AS text, query
    FROM jsonb_path_query(submission.content, '$.sections[*].answers[*]') answer
    WHERE to_tsvector(%(config)s::regconfig, left(answer ->> 'text', %(longest)s)) @@ query LIMIT 1)
    UNION ALL
    (SELECT 2, attached ->> 'name', left(words.text, %(longest)s), query
    FROM jsonb_path_query(submission.content, '$.attachments[*]') attached
    JOIN documents_storedfile file ON file.sha256 = attached ->> 'sha256' AND file.scan_state <> 'infected'
    JOIN documents_filetext words ON words.file_id = file.id
    WHERE to_tsvector(%(config)s::regconfig, left(words.text, %(longest)s)) @@ query LIMIT 1)
) piece
WHERE selection_case.id = ANY(%(cases)s)
ORDER BY selection_case.id, piece.place
"""
PLACES = {1: "Dans la réponse", 2: "Dans la pièce"}


def passages(cases, text):
    """By case, where one of the words is said and around what, to be shown; a case may be found by its names alone."""
    if not cases:
        return {}
    given = {
        "config": search.CONFIG,
        "options": f"StartSel={search.START}, StopSel={search.STOP}, MaxWords=40, MinWords=20",
        "words": search.plain(text),
        "longest": LONGEST,
        "cases": [case.pk for case in cases],
    }
    with connection.cursor() as cursor:
        cursor.execute(FOUND, given)
        return {
            pk: {"place": PLACES[place], "name": name, "text": search.highlighted(said)}
            for pk, place, name, said in cursor.fetchall()
        }
