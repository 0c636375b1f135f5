#!/usr/bin/env bash
# Encrypts the secrets whose names are given as arguments, each an environment variable, into one object of the vault, and reads it back.
# Nothing readable touches the disk, and no value is printed.
#
# Takes ENVIRONMENT, VAULT_BUCKET, R2_ENDPOINT, AGE_RECIPIENT (public key of whoever may read), AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.
# Needs jq, age, aws.
set -euo pipefail
: "${ENVIRONMENT:?}" "${VAULT_BUCKET:?}" "${R2_ENDPOINT:?}" "${AGE_RECIPIENT:?}"
export AWS_DEFAULT_REGION=auto AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required

missing=()
for name in "$@"; do
  if [ -z "${!name:-}" ]; then missing+=("$name"); fi
done
if [ $# -eq 0 ] || [ ${#missing[@]} -gt 0 ]; then
  echo "not set: ${missing[*]:-every secret}; a backup without them would be none" >&2
  exit 1
fi

key="$ENVIRONMENT-${BACKUP_TIME:-$(date -u +%Y-%m-%dT%H%M%SZ)}.json.age"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
age-keygen -o "$scratch/once" 2>/dev/null
once=$(age-keygen -y "$scratch/once")
store() { aws --endpoint-url "$R2_ENDPOINT" "$@"; }
secrets() { jq --null-input --sort-keys '[$ARGS.positional[] | { (.): env[.] }] | add' --args "$@"; }

secrets "$@" | age --encrypt --recipient "$AGE_RECIPIENT" --recipient "$once" | store s3 cp --no-progress - "s3://$VAULT_BUCKET/$key"

written=$(secrets "$@" | sha256sum)
read_back=$(store s3 cp --no-progress "s3://$VAULT_BUCKET/$key" - | age --decrypt --identity "$scratch/once" | sha256sum)
if [ "$written" != "$read_back" ]; then
  echo "what the vault gives back as $key is not what was written" >&2
  exit 1
fi
echo "$key: $# secrets"
