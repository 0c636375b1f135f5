#!/usr/bin/env bash
# Reads the modules that run in the Workers of an environment, and prints what terraform must know of them, so that a change of bindings or
# routes does not put an older module in their place:
#
#   eval "$(running-modules.sh ENVIRONMENT FOLDER)"     then plan and apply edge/workers in the same shell
#
# Takes CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN; the token goes to curl over its standard input. Needs curl, jq, python3 (whose
# library reads the multipart answer).
set -euo pipefail
environment=${1:?environment} folder=${2:?folder for modules}
: "${CLOUDFLARE_ACCOUNT_ID:?}" "${CLOUDFLARE_API_TOKEN:?}"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

for worker in api auth webhooks; do
  address="https://api.cloudflare.com/client/v4/accounts/$CLOUDFLARE_ACCOUNT_ID/workers/scripts/astraler-$environment-$worker/content/v2"
  printf 'header = "Authorization: Bearer %s"\n' "$CLOUDFLARE_API_TOKEN" |
    curl --silent --show-error --fail --max-time 60 --config - --dump-header "$folder/$worker.headers" --output "$folder/$worker.answer" "$address"
  python3 - "$folder/$worker" <<'PYTHON'
import email.parser, email.policy, pathlib, re, sys
base = sys.argv[1]
headers = pathlib.Path(base + '.headers').read_text()
kind = re.findall(r'(?im)^content-type:.*$', headers)[-1].strip()
body = pathlib.Path(base + '.answer').read_bytes()
if 'multipart/' in kind:
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(kind.encode() + b'\r\n\r\n' + body)
    body = next(message.iter_parts()).get_payload(decode=True)
pathlib.Path(base + '.mjs').write_bytes(body)
PYTHON
  rm "$folder/$worker.headers" "$folder/$worker.answer"
  bundle=$(jq --null-input --compact-output --arg path "$folder/$worker.mjs" \
    --arg sha256 "$(sha256sum "$folder/$worker.mjs" | cut -d' ' -f1)" '{ path: $path, sha256: $sha256 }')
  printf "export TF_VAR_%s_bundle='%s'\n" "$worker" "$bundle"
done
