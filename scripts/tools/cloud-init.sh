#!/usr/bin/env bash
# Provides cloud-init's schema of user data: unpacks Debian's package into the tool cache, installs nothing.
# Prints the path of the schema. Needs apt-get and dpkg-deb; does nothing when the schema is there already.
set -euo pipefail

place=${TERRACE_TOOLS:-$HOME/.cache/terrace/tools}/cloud-init
schema=$place/schema-cloud-config-v1.json
if [ ! -s "$schema" ]; then
  mkdir -p "$place"
  scratch=$(mktemp -d "$place/.making.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  if ! (cd "$scratch" && apt-get download -q -o APT::Sandbox::User=root cloud-init >/dev/null); then
    echo 'cloud-init.sh: apt-get download cloud-init failed; run apt-get update, or check the sources' >&2
    exit 1
  fi
  dpkg-deb --extract "$scratch"/cloud-init*.deb "$scratch/package"
  found=$(find "$scratch/package" -name schema-cloud-config-v1.json -print -quit)
  if [ -z "$found" ]; then
    echo 'cloud-init.sh: the package holds no schema-cloud-config-v1.json' >&2
    exit 1
  fi
  mv "$found" "$schema"
fi
echo "$schema"
