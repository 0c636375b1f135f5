#!/usr/bin/env bash
# Dumps the application's schemas, compressed and encrypted, straight into the bucket: nothing readable touches the disk. Then reads the
# object back from there, decrypts it with a key that this run alone has, restores it into a scratch database and compares.
#
# Takes ENVIRONMENT, DATABASE_URL (session pooler), SCRATCH_URL (an empty database that may be overwritten), DUMP_BUCKET, R2_ENDPOINT,
# AGE_RECIPIENT (public key of whoever may restore), AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY. Needs pg_dump, psql, zstd, age, aws.
set -euo pipefail
: "${ENVIRONMENT:?}" "${DATABASE_URL:?}" "${SCRATCH_URL:?}" "${DUMP_BUCKET:?}" "${R2_ENDPOINT:?}" "${AGE_RECIPIENT:?}"
export AWS_DEFAULT_REGION=auto AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required

now=${BACKUP_TIME:-$(date -u +%Y-%m-%dT%H%M%SZ)}
folder=daily
if [ "$(date -u -d "${now%T*}" +%u)" = 7 ]; then folder=weekly; fi
key="$folder/$ENVIRONMENT-$now.dump.zst.age"
schemas=(--schema=public --schema=audit)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
age-keygen -o "$scratch/once" 2>/dev/null
once=$(age-keygen -y "$scratch/once")
store() { aws --endpoint-url "$R2_ENDPOINT" "$@"; }

pg_dump --format=custom --compress=0 --no-owner --no-privileges "${schemas[@]}" "$DATABASE_URL" |
  zstd --quiet -10 |
  age --encrypt --recipient "$AGE_RECIPIENT" --recipient "$once" |
  store s3 cp --no-progress - "s3://$DUMP_BUCKET/$key"

size=$(store s3api head-object --bucket "$DUMP_BUCKET" --key "$key" --query ContentLength --output text)
if [ "$size" -lt 1000 ]; then
  echo "the dump $key has $size bytes: that is no database" >&2
  exit 1
fi

psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 "$SCRATCH_URL" --command 'drop schema if exists public, audit cascade'
store s3 cp --no-progress "s3://$DUMP_BUCKET/$key" - |
  age --decrypt --identity "$scratch/once" |
  zstd --quiet --decompress |
  pg_restore --no-owner --no-privileges --exit-on-error --dbname "$SCRATCH_URL"

# Rows may come between the dump and now, so that only the tables themselves are compared.
tables="select string_agg(table_schema || '.' || table_name, ' ' order by table_schema, table_name)
  from information_schema.tables where table_schema in ('public', 'audit') and table_type = 'BASE TABLE'"
read_tables() { psql --no-psqlrc --tuples-only --no-align --set ON_ERROR_STOP=1 "$1" --command "$tables"; }
if [ "$(read_tables "$DATABASE_URL")" != "$(read_tables "$SCRATCH_URL")" ]; then
  echo "the restored dump $key has other tables than the database" >&2
  exit 1
fi
echo "$key: $size bytes, restored: $(read_tables "$SCRATCH_URL")"
