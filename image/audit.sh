#!/usr/bin/env bash
# Asks the advisory services whether anything that ships, or is in the page, has a known weakness. What could not be
# asked is a failure, and is said: a silence is no clean bill.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON="${PYTHON:-python3}"
TOOLS=.build/audit
failed=()

[ -x "$TOOLS/bin/python" ] || "$PYTHON" -m venv --without-pip "$TOOLS"
"$PYTHON" -m pip --disable-pip-version-check --quiet --python "$TOOLS/bin/python" install \
  --require-hashes -r requirements-tools.txt

"$TOOLS/bin/pip-audit" --requirement requirements-image.txt --require-hashes --disable-pip --strict \
  --progress-spinner off || failed+=("the Python packages of the image")
(cd clients/graphiql && npm audit --package-lock-only --omit dev) || failed+=("the packages of the page")

if [ "${#failed[@]}" -gt 0 ]; then
  printf 'AUDIT FAILED, or its service was not reached: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo "no known weakness in what ships"
