#!/usr/bin/env bash
# Puts the built modules of the application into the Workers of an environment. Bindings, routes and settings stay as terraform made them.
#
#   deploy-workers.sh ENVIRONMENT FOLDER     FOLDER holds api.mjs, auth.mjs and webhooks.mjs
#
# Takes CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN; the token goes to curl over its standard input. Needs curl, jq. Puts every module
# before it ends, and ends with 1 where one was refused.
set -euo pipefail
environment=${1:?environment} folder=${2:?folder with modules}
: "${CLOUDFLARE_ACCOUNT_ID:?}" "${CLOUDFLARE_API_TOKEN:?}"

for worker in api auth webhooks; do
  if [ ! -s "$folder/$worker.mjs" ]; then
    echo "$folder/$worker.mjs is missing or empty: nothing is deployed" >&2
    exit 1
  fi
done

refused=()
for worker in api auth webhooks; do
  name="astraler-$environment-$worker"
  answer=$(printf 'header = "Authorization: Bearer %s"\n' "$CLOUDFLARE_API_TOKEN" |
    curl --silent --show-error --max-time 60 --retry 2 --config - --request PUT \
      --form 'metadata={"main_module":"worker.mjs"};type=application/json' \
      --form "worker.mjs=@$folder/$worker.mjs;type=application/javascript+module" \
      "https://api.cloudflare.com/client/v4/accounts/$CLOUDFLARE_ACCOUNT_ID/workers/scripts/$name/content") || answer='{}'
  if [ "$(jq -r '.success // false' <<<"$answer")" = true ]; then
    echo "$name: $(sha256sum "$folder/$worker.mjs" | cut -c1-12)"
  else
    echo "$name: refused: $(jq -c '.errors // "no answer"' <<<"$answer")" >&2
    refused+=("$name")
  fi
done
[ ${#refused[@]} -eq 0 ]
