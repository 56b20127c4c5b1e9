#!/usr/bin/env bash
# Writes down what ships: a CycloneDX document of the image's Python packages, one of the page's, and all licences.
# The environment is the image's, made anew from the same hashed requirements; the tools are in one of their own.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON="${PYTHON:-python3}"
OUT=.build/sbom
pip() { "$PYTHON" -m pip --disable-pip-version-check --quiet "$@"; }

rm -rf "$OUT"
mkdir -p "$OUT"
"$PYTHON" -m venv --without-pip "$OUT/tools"
"$PYTHON" -m venv --without-pip "$OUT/shipped"
pip --python "$OUT/tools/bin/python" install --require-hashes -r requirements-tools.txt
pip --python "$OUT/shipped/bin/python" install --require-hashes -r requirements-image.txt

"$OUT/tools/bin/cyclonedx-py" environment --pyproject pyproject.toml --output-reproducible --validate \
  --output-file "$OUT/consent-gateway.cdx.json" "$OUT/shipped/bin/python"
"$PYTHON" -m tests.support.licences >"$OUT/licences.txt"
if command -v npm >/dev/null; then
  (cd clients/graphiql && npm sbom --sbom-format=cyclonedx --package-lock-only --omit dev) >"$OUT/graphiql.cdx.json"
else
  echo "no npm: the packages of the page are in gateway/pages/graphiql/LICENSES.txt alone" >&2
fi
ls -1 "$OUT"/*.json "$OUT"/*.txt
