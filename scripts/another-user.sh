#!/usr/bin/env bash
# Runs the tests of `npm test` once more, as somebody else would.
#
#   scripts/another-user.sh [--results FILE] [jest options]
#
# In a clone of the commit that is checked out, with another HOME, time zone and language, without the system's fonts, without any tool but
# Node.js, git and terraform, and as another user: `terrace-tests`, made where it is absent, if this one is root or may use sudo. Where that
# cannot be, it says so, and runs as this user. With --results, jest's results are in FILE afterwards.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
user=terrace-tests
results=
if [ "${1:-}" = --results ]; then
  results=${2:?a file}
  shift 2
fi
home=$(mktemp -d)
trap 'rm -rf "$home" 2>/dev/null || sudo -n rm -rf "$home"' EXIT

as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
as_user=()
if "${as_root[@]}" true 2>/dev/null && command -v setpriv >/dev/null &&
  { id "$user" >/dev/null 2>&1 || "${as_root[@]}" useradd --system --no-create-home --shell /bin/sh "$user"; }; then
  as_user=("${as_root[@]}" setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
else
  echo "another-user.sh: no other user can be made here; the tests run as $(id -un)" >&2
fi

git clone --quiet "$root" "$home/project"
# Links where the file system allows them: nobody but their owner can change what they lead to.
mkdir "$home/project/node_modules"
cp -al "$root/node_modules/." "$home/project/node_modules" 2>/dev/null || cp -a "$root/node_modules/." "$home/project/node_modules"
cp -a "$root/.gen" "$home/project/.gen"
mkdir "$home/bin" "$home/tmp"
for program in node npm npx git terraform; do ln -s "$(readlink -f "$(command -v "$program")")" "$home/bin/$program"; done
if [ ${#as_user[@]} -gt 0 ]; then
  # All but the modules: their files are this user's as well.
  "${as_root[@]}" chown "$user" "$home" "$home"/*
  "${as_root[@]}" find "$home/project" -path "$home/project/node_modules" -prune -o -exec chown -h "$user" {} +
fi

status=0
cd "$home/project"
"${as_user[@]}" env -i "HOME=$home" "USER=$user" "PATH=$home/bin:/usr/bin:/bin" "TMPDIR=$home/tmp" TZ=Asia/Kathmandu LANG=tr_TR.UTF-8 \
  FONTCONFIG_FILE=/dev/null TERRACE_TESTS=quick \
  node node_modules/jest/bin/jest.js --json --outputFile="$home/results.json" "$@" || status=$?
if [ -n "$results" ] && [ -f "$home/results.json" ]; then cp "$home/results.json" "$results"; fi
exit "$status"
