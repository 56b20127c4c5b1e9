# Two stages: the first builds the wheel and its environment from hashed requirements, the last holds that alone.
# Run it with a read-only root, a volume for /data and a tmpfs for /tmp:
#   docker run --read-only --tmpfs /tmp --volume consent:/data --env-file gateway.env --publish 8080:8080 consent-gateway
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS base
# A bare Debian has no Python; certificates are for an issuer's keys fetched over https.
RUN command -v python3 >/dev/null || { \
      apt-get update \
      && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3 ca-certificates \
      && apt-get clean \
      && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /var/log/apt /var/log/dpkg.log /var/log/alternatives.log; \
    }

FROM base AS build
RUN python3 -c 'import ensurepip' 2>/dev/null || { \
      apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-venv; \
    }
WORKDIR /source
COPY requirements-build.txt requirements-image.txt ./
# The environment that ships has no pip of its own. How packages are reached is the builder's: it is mounted, never kept.
RUN --mount=type=secret,id=pip_conf --mount=type=secret,id=ca_bundle \
    export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore; \
    if [ -f /run/secrets/pip_conf ]; then export PIP_CONFIG_FILE=/run/secrets/pip_conf; fi; \
    if [ -f /run/secrets/ca_bundle ]; then export PIP_CERT=/run/secrets/ca_bundle; fi; \
    python3 -m venv /build \
    && python3 -m venv --without-pip /opt/consent-gateway \
    && /build/bin/pip install --quiet --require-hashes -r requirements-build.txt \
    && /build/bin/pip --python /opt/consent-gateway/bin/python install --quiet --require-hashes -r requirements-image.txt
COPY pyproject.toml README.md LICENSE ./
COPY gateway gateway
COPY schema schema
COPY resolvers resolvers
COPY graph graph
RUN export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore; \
    /build/bin/pip wheel --quiet --no-index --no-deps --no-build-isolation --wheel-dir /wheel . \
    && /build/bin/pip --python /opt/consent-gateway/bin/python install --quiet --no-index --no-deps /wheel/*.whl
COPY image/alive.py /opt/consent-gateway/alive.py

FROM base
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="Consent Gateway" \
      org.opencontainers.image.description="Releases personal attributes field by field, as the person's consent allows" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}"
# A fixed number, so that a volume made today is this user's after every later build.
RUN groupadd --gid 10001 gateway \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin gateway \
    && install --directory --owner 10001 --group 10001 --mode 0700 /data
COPY --from=build /opt/consent-gateway /opt/consent-gateway
# Byte code was compiled while building: the root is read-only when it runs.
ENV PATH=/opt/consent-gateway/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CONSENT_GATEWAY_BIND=0.0.0.0:8080
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["/opt/consent-gateway/bin/python", "/opt/consent-gateway/alive.py"]
ENTRYPOINT ["consent-gateway"]
CMD ["serve"]
