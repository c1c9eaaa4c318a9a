# One image for every process: `python -m cli serve | worker | relay | beat | vault | migrate`. docker-compose.yml runs them.
# Python packages come from the locks, each file checked by its hash; the build tools stay behind in the first stage.

FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements-tools.lock requirements.lock ./
RUN python -m venv /tools \
    && /tools/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements-tools.lock
RUN python -m venv --without-pip /venv \
    && /tools/bin/uv pip sync --no-cache --require-hashes --compile-bytecode --python /venv/bin/python requirements.lock
# The pages' scripts, by their own lock.
COPY requirements-node.lock ./
COPY cli cli
COPY web/package.json web/package-lock.json web/
RUN PYTHONPATH=/build /venv/bin/python -P -m cli.vendor run

# What `backup` and `restore` call: of the version of the server in docker-compose.yml, or newer.
FROM postgres:16-bookworm AS postgres

FROM python:3.11-slim-bookworm
# What PDFs need: pango, and a font with Chinese characters.
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        ca-certificates \
        fonts-noto-cjk \
        libharfbuzz-subset0 \
        libpango-1.0-0 \
        libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=postgres /usr/lib/postgresql/16/bin/pg_dump /usr/lib/postgresql/16/bin/pg_restore /usr/local/bin/
COPY --from=postgres /usr/lib/*-linux-gnu/libpq.so.5* /usr/local/lib/
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
        libgssapi-krb5-2 libldap-2.5-0 liblz4-1 libzstd1 \
    && rm -rf /var/lib/apt/lists/* \
    && ldconfig && pg_dump --version && pg_restore --version
RUN useradd --system --uid 10001 --home-dir /var/lib/jingzhong jingzhong \
    && install -d -o jingzhong -g jingzhong -m 0700 \
        /var/lib/jingzhong /var/lib/jingzhong/storage /var/lib/jingzhong/scratch \
        /var/lib/jingzhong-vault /run/jingzhong
COPY --from=build /venv /venv
WORKDIR /srv/jingzhong
COPY . .
COPY --from=build /build/web/vendored web/vendored
RUN /venv/bin/python -m compileall -q -o 2 /venv/lib && PYTHONPATH=/srv/jingzhong /venv/bin/python -m compileall -q -o 0 -o 2 api cases cli geo kit migrations mobile_contract people vault web workers
ENV PATH=/venv/bin:$PATH PYTHONPATH=/srv/jingzhong PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    JZ_HOST=0.0.0.0 JZ_PORT=8000
USER 10001
VOLUME /var/lib/jingzhong
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=15s --start-period=60s --retries=3 CMD ["python", "-P", "-m", "cli", "ready"]
ENTRYPOINT ["python", "-P", "-m", "cli"]
CMD ["serve"]
