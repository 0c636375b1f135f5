#!/usr/bin/env bash
# Provides the programs that the whole test suite needs besides Node.js and terraform.
#
#   export PATH="$(scripts/setup-ci.sh):$PATH"
#
# Prints one line on standard output, the folder to put on PATH; what it did goes to standard error.
#
#   terragrunt   built from test/tools/terragrunt through the Go module proxy (3 minutes on two cores, once)
#   promtool     built from test/tools/promtool in the same way, beside it (5 minutes of one core, once); of the service discoveries
#                it has the one that the configurations in this repository use
#   traefik      built from test/tools/traefik in the same way, beside them (5 minutes of one core, once); scripts/tools/traefik.sh says
#                which clients of other services it lacks
#   tofu         built from test/tools/tofu, only with --with-tofu (3 minutes, once)
#   actionlint   go install, pinned below
#   node22 node24 node26
#                the other Node.js releases that Terrace runs on, from npm's packages of Node's binaries, pinned below
#   moto_server, checkov, ansible-lint, ansible-playbook, ansible-inventory, yamllint, zizmor
#                pip, one virtual environment for each file of scripts/tools/*.txt, every package pinned
#   chromium, shellcheck, nft, rsvg-convert, psql, pgbouncer
#                from Debian's packages, where they are not installed yet; needs root or sudo
#   cloud-init   its schema only, unpacked from Debian's package
#
# Everything is kept under $TERRACE_TOOLS (default ~/.cache/terrace/tools), each tool by a key made from its pins, so the second
# run takes a second and a changed pin makes only that tool anew. Downloaded Debian packages are kept there too. Go's and pip's own
# caches, proxies and settings apply. Two runs at once are safe: each tool is made beside its place and moved there.
#
# Needs bash, git, Go >= 1.21 (which fetches the toolchain of go.mod), Python >= 3.11 with venv, terraform >= 1.6.
# Ends with 1, after trying everything, when a tool cannot be had, and says which and why.
set -euo pipefail
unset TF_CLI_CONFIG_FILE

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${TERRACE_TOOLS:-$HOME/.cache/terrace/tools}
actionlint=v1.7.12
nodes=(22.23.5 24.22.3 26.12.1)
debian=(chromium:chromium shellcheck:shellcheck nft:nftables rsvg-convert:librsvg2-bin psql:postgresql pgbouncer:pgbouncer)
python_commands=(moto:moto_server checkov:checkov zizmor:zizmor ansible:yamllint ansible:ansible-lint
  ansible:ansible ansible:ansible-config ansible:ansible-doc ansible:ansible-galaxy ansible:ansible-inventory ansible:ansible-playbook)

with_tofu=false
case "${1:-}" in
  '') ;;
  --with-tofu) with_tofu=true ;;
  --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0"; exit 0 ;;
  *) echo "setup-ci.sh: unknown option $1; see --help" >&2; exit 64 ;;
esac

failures=()
say() { printf 'setup  %-14s %s\n' "$1" "$2" >&2; }
fail() { failures+=("$1: $2"); say "$1" "FAILED: $2"; }
key() { cat "$@" | sha256sum | cut -c1-12; }

mkdir -p "$cache"
scratch=$(mktemp -d "$cache/.making.XXXXXX")
trap 'jobs -p | xargs -r kill 2>/dev/null; rm -rf "$scratch"' EXIT
machine=$(uname -s)-$(uname -m)

# build_go NAME PACKAGE LDFLAGS [TAGS]: builds a tool of test/tools/NAME into $cache/NAME-KEY/NAME, from the go.mod that
# scripts/tools/NAME.sh writes where there is one. Runs in the background.
build_go() {
  local name=$1 attempt place
  place=$(go_place "$name")
  [ -x "$place/$name" ] && return 0
  # Hundreds of modules are fetched, and what was fetched is kept: one that broke off costs a second attempt, not the run.
  for attempt in 1 2 3; do
    rm -rf "${scratch:?}/$name" "$scratch/$name-source"
    if go_binary "$@"; then
      mv -T "$scratch/$name" "$place" 2>/dev/null || [ -x "$place/$name" ]
      return
    fi
    echo "attempt $attempt failed" >&2
    sleep $((attempt * 5))
  done
  return 1
}

# go_binary NAME PACKAGE LDFLAGS [TAGS]: compiles it to $scratch/NAME/NAME.
go_binary() {
  local name=$1 package=$2 ldflags=$3 tags=${4:-} module=$root/test/tools/$1 modfile=''
  mkdir -p "$scratch/$name"
  if [ -e "$root/scripts/tools/$name.sh" ]; then modfile=$("$root/scripts/tools/$name.sh" "$module" "$scratch/$name-source") || return 1; fi
  (cd "$module" && GOFLAGS=-mod=readonly CGO_ENABLED=0 nice -n 10 go build ${modfile:+-modfile="$modfile"} -tags "$tags" -trimpath -buildvcs=false -ldflags "-s -w $ldflags" -o "$scratch/$name/$name" "$package")
}

# pinned NAME MODULE: the version of a module in test/tools/NAME/go.mod.
pinned() { awk -v module="$2" '$1 == module { print $2 }' "$root/test/tools/$1/go.mod"; }

go_place() {
  local pins=("$root/test/tools/$1/go.mod" "$root/test/tools/$1/go.sum")
  if [ -e "$root/scripts/tools/$1.sh" ]; then pins+=("$root/scripts/tools/$1.sh"); fi
  echo "$cache/$1-$(key "${pins[@]}")-$machine"
}

begin_go() {
  local name=$1
  if [ -x "$(go_place "$name")/$name" ]; then return; fi
  say "$name" 'building in the background'
  build_go "$@" >"$scratch/$name.log" 2>&1 &
  echo $! >"$scratch/$name.pid"
}

end_go() {
  local name=$1 seconds=$SECONDS
  if [ -f "$scratch/$name.pid" ]; then
    if ! wait "$(cat "$scratch/$name.pid")"; then
      cat "$scratch/$name.log" >&2
      fail "$name" "go build failed (above)"
      return
    fi
    say "$name" "built, waited $((SECONDS - seconds)) s for it"
  fi
  link "$(go_place "$name")/$name"
  say "$name" "$("$bin/$name" "${2:---version}" | head -n 1)"
}

setup_actionlint() {
  local place=$cache/actionlint-$actionlint-$machine
  if [ ! -x "$place/actionlint" ]; then
    mkdir -p "$scratch/actionlint"
    GOFLAGS='' GOBIN=$scratch/actionlint go install "github.com/rhysd/actionlint/cmd/actionlint@$actionlint" >&2 || { fail actionlint 'go install failed (above)'; return; }
    mv -T "$scratch/actionlint" "$place" 2>/dev/null || [ -x "$place/actionlint" ]
  fi
  link "$place/actionlint"
  say actionlint "$("$bin/actionlint" -version | head -n 1)"
}

setup_node() {
  local version=$1 place=$cache/node-$1-$machine system processor name=node${1%%.*}
  case $(uname -s) in Darwin) system=darwin ;; *) system=linux ;; esac
  case $(uname -m) in aarch64 | arm64) processor=arm64 ;; *) processor=x64 ;; esac
  if [ ! -x "$place/bin/node" ]; then
    mkdir -p "$scratch/$name"
    if ! (cd "$scratch/$name" && npm pack --silent "node-$system-$processor@$version" && tar xzf ./*.tgz --strip-components=1 package/bin/node) >"$scratch/$name.log" 2>&1; then
      cat "$scratch/$name.log" >&2
      fail "$name" "npm pack node-$system-$processor@$version failed (above)"
      return
    fi
    rm -f "$scratch/$name"/*.tgz
    mv -T "$scratch/$name" "$place" 2>/dev/null || [ -x "$place/bin/node" ]
  fi
  link "$place/bin/node" "$name"
  say "$name" "$("$bin/$name" --version)"
}

# The first Python that is new enough and can make virtual environments.
find_python() {
  local candidate
  for candidate in python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      "$candidate" -c 'import sys; print(sys.executable)'
      return 0
    fi
  done
  return 1
}

python_place() { echo "$cache/$1-$(key "$root/scripts/tools/$1.txt" <("$python" --version))-$machine"; }

# A virtual environment holds its own path, so it is made in its place and marked when it is whole.
setup_python() {
  local name=$1 place
  place=$(python_place "$name")
  if [ ! -e "$place/complete" ]; then
    rm -rf "$place"
    if ! { "$python" -m venv "$place" && "$place/bin/python" -m pip install --quiet --no-deps --disable-pip-version-check --requirement "$root/scripts/tools/$name.txt"; } >&2; then
      fail "$name" 'pip install failed (above)'
      return
    fi
    "$place/bin/python" -m pip check --quiet >&2 || { fail "$name" "scripts/tools/$name.txt is not consistent (above)"; return; }
    touch "$place/complete"
    say "$name" "installed from scripts/tools/$name.txt"
  else
    say "$name" "scripts/tools/$name.txt, cached"
  fi
}

setup_all_python() {
  local entry
  if ! python=$(find_python); then
    python=python3
    fail python 'no python3 >= 3.11 with venv on PATH (Debian: apt-get install python3 python3-venv)'
    return
  fi
  # Two runs at once must not make the same environment.
  exec 9>"$cache/python.lock"
  if command -v flock >/dev/null; then flock 9; fi
  for file in "$root"/scripts/tools/*.txt; do setup_python "$(basename "$file" .txt)"; done
  exec 9>&-
  for entry in "${python_commands[@]}"; do
    [ -e "$(python_place "${entry%%:*}")/complete" ] && link "$(python_place "${entry%%:*}")/bin/${entry#*:}"
  done
}

setup_debian() {
  local entry place missing=() packages=() sudo=()
  local PATH=$PATH:/usr/sbin:/sbin
  for entry in "${debian[@]}"; do
    command -v "${entry%%:*}" >/dev/null || { missing+=("${entry%%:*}"); packages+=("${entry#*:}"); }
  done
  if [ ${#packages[@]} -gt 0 ]; then
    if [ "$(id -u)" != 0 ]; then sudo=(sudo -n); fi
    if ! command -v apt-get >/dev/null; then
      fail "${missing[*]}" 'not installed, and there is no apt-get to install them'
      return
    fi
    mkdir -p "$cache/apt/partial"
    if ! { "${sudo[@]}" apt-get update -q && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o "Dir::Cache::archives=$cache/apt" -o APT::Sandbox::User=root -o APT::Keep-Downloaded-Packages=true "${packages[@]}"; } >"$scratch/apt.log" 2>&1; then
      tail -n 20 "$scratch/apt.log" >&2
      fail "${missing[*]}" "apt-get install ${packages[*]} failed (above); it needs root or sudo"
      return
    fi
    say debian "installed ${packages[*]}"
  fi
  for entry in "${debian[@]}"; do
    if ! place=$(command -v "${entry%%:*}"); then
      fail "${entry%%:*}" "not found after installing ${entry#*:}"
    elif [[ $place == */sbin/* ]]; then
      link "$place"
    fi
  done
  say debian "${debian[*]%%:*}"
}

# link FILE [NAME]: puts a program into the folder for PATH.
link() { ln -sfn "$1" "$bin/.new.$$" && mv -fT "$bin/.new.$$" "$bin/${2:-$(basename "$1")}"; }

# One bin folder for each set of pins, so that clones of different versions share the cache.
bin=$cache/bin-$(key "${BASH_SOURCE[0]}" "$root"/scripts/tools/*.txt "$root"/test/tools/*/go.mod "$root"/test/tools/*/go.sum)
mkdir -p "$bin"

if command -v go >/dev/null; then
  terragrunt=github.com/gruntwork-io/terragrunt
  begin_go terragrunt "$terragrunt" "-X $terragrunt/internal/version.Version=$(pinned terragrunt "$terragrunt")"
  prometheus=github.com/prometheus/prometheus
  begin_go promtool "$prometheus/cmd/promtool" "-X github.com/prometheus/common/version.Version=$(pinned promtool "$prometheus")" remove_all_sd,enable_dns_sd
  traefik=github.com/traefik/traefik/v3
  version=$(pinned traefik "$traefik")
  begin_go traefik "$traefik/cmd/traefik" "-X $traefik/pkg/version.Version=${version#v}"
  if $with_tofu; then begin_go tofu github.com/opentofu/opentofu/cmd/tofu '-X github.com/opentofu/opentofu/version.dev=no'; fi
  setup_actionlint
else
  fail 'terragrunt promtool traefik actionlint' 'no go on PATH (https://go.dev/dl/)'
fi
if terraform=$(command -v terraform); then say terraform "$("$terraform" version 2>/dev/null | head -n 1)"; else fail terraform 'not on PATH (https://developer.hashicorp.com/terraform/install)'; fi
setup_all_python
for node in "${nodes[@]}"; do setup_node "$node"; done
setup_debian
if schema=$("$root/scripts/tools/cloud-init.sh"); then say cloud-init "$schema"; else fail cloud-init 'its schema could not be unpacked (above)'; fi
if command -v go >/dev/null; then
  end_go terragrunt
  end_go promtool
  end_go traefik version
  if $with_tofu; then end_go tofu; fi
fi

if [ ${#failures[@]} -gt 0 ]; then
  printf 'setup  FAILED\n' >&2
  printf '       %s\n' "${failures[@]}" >&2
  exit 1
fi
say ready "$SECONDS s, tools in $bin"
echo "$bin"
