# One image for web, worker, beat and migrations; docker-compose.yml says which command each runs.
FROM python:3.13-slim

# What WeasyPrint draws the PDFs with.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv/portal portal \
    && install -d -o portal -g portal -m 0700 /srv/files

WORKDIR /srv/portal
ENV PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=fondsportal.settings.prod \
    STATIC_ROOT=/srv/static \
    FILES_ROOT=/srv/files \
    WEB_HOST=0.0.0.0 \
    PORT=8000

COPY requirements/container.txt requirements/
RUN pip install --no-cache-dir --require-hashes -r requirements/container.txt

COPY . .
# These values reach nothing. The sources that no page links to would double the time and the size.
RUN SECRET_KEY=build-only ALLOWED_HOSTS=build PORTAL_URL=https://build EMAIL_URL=dummymail:// \
    DATABASE_URL=postgresql://build@/build REDIS_URL=redis://build/0 python manage.py collectstatic --no-input --verbosity 0 \
        --ignore '*.map' --ignore component --ignore core --ignore layout --ignore scheme \
        --ignore analytics --ignore legacy

USER portal
EXPOSE 8000
VOLUME /srv/files
CMD ["gunicorn", "fondsportal.wsgi"]
