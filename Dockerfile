# syntax=docker/dockerfile:1
# Two stages: one that installs, one that runs: no compiler, no root, nothing writable but /data.

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
# The CPU build of torch: the default wheel drags in gigabytes of CUDA.
COPY constraints.txt /src/
RUN /venv/bin/pip install -c /src/constraints.txt --index-url https://download.pytorch.org/whl/cpu torch
WORKDIR /src
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY moderation moderation
COPY resources resources
COPY migrations migrations
COPY bot bot
RUN /venv/bin/pip install -c constraints.txt .

FROM python:3.12-slim
# Letters for the pictures: without a Chinese font their words are English.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-wqy-microhei \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin qunhu \
    && mkdir /data && chown qunhu:qunhu /data
COPY --from=build /venv /venv
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    QUNHU_DATA=/data QUNHU_HTTP_LISTEN=0.0.0.0 QUNHU_LOG_FORMAT=json
USER qunhu
WORKDIR /data
VOLUME /data
EXPOSE 9107
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:9107/readyz', timeout=4)"]
ENTRYPOINT ["qunhu"]
CMD ["run"]
