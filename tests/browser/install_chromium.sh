#!/usr/bin/env bash
# The browser tests drive the system's own Chromium. Installs it where that is possible without
# asking (Debian or Ubuntu, as root); elsewhere says what to install. Never skips anything.
set -euo pipefail
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null && exit 0
done
if command -v apt-get >/dev/null && [ "$(id -u)" -eq 0 ]; then
    echo "Installing Chromium for the browser tests …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null
    apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-noto-color-emoji >/dev/null
    exit 0
fi
cat >&2 <<'EOF'
The browser tests need Chromium, and it is not on the PATH.

Hint: Debian or Ubuntu: sudo apt-get install chromium · Fedora: sudo dnf install chromium ·
      macOS: brew install --cask chromium · or put any Chrome on the PATH as google-chrome
EOF
exit 1
