# The local stack of `make run` in a container: `docker compose up`. Nothing of this is deployed to AWS.
#
# Debian 13 has the Node that `make setup` asks for. Python and npm packages come from the locks, by hash.
FROM python:3.13-slim-trixie

RUN apt-get update \
    && apt-get install --yes --no-install-recommends make nodejs npm \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 carillon \
    && install --directory --owner carillon --group carillon /carillon /carillon/.local

USER carillon
WORKDIR /carillon

# What decides about the environment first: it is made anew only when one of these changes.
COPY --chown=carillon:carillon Makefile requirements.txt package.json package-lock.json .npmrc ./
COPY --chown=carillon:carillon local/prerequisites.py local/prerequisites.py
COPY --chown=carillon:carillon cli/__init__.py cli/install.py cli/
RUN make setup

COPY --chown=carillon:carillon . .

# The functions' layers, so that a start needs no network: the launcher finds them by their inputs.
RUN .venv/bin/python -c "from local.cdk import QUIET, host_context; import os; os.environ.update(QUIET); \
from infra.environment import Environment; from infra.layers import dependencies, shared; \
host = Environment.of(host_context()); dependencies(host); shared(host)"

# The data: the emulated account, the operator's password, logs.
VOLUME /carillon/.local

EXPOSE 8000

HEALTHCHECK --interval=10s --timeout=5s --start-period=180s --retries=6 \
    CMD [".venv/bin/python", "-m", "local.healthy"]

# In a container nobody but the container is on its loopback; which of its ports the host opens, and to whom, is
# said where it is started.
CMD [".venv/bin/python", "-m", "local", "run", "--listen", "0.0.0.0"]
