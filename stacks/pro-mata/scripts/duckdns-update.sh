#!/usr/bin/env bash
# duckdns-update.sh [SUBDOMAIN ADDRESS]
# Points SUBDOMAIN.duckdns.org to ADDRESS; without arguments, as duckdns.env beside it says (`terrace handover` fills it).
# The token is DUCKDNS_TOKEN, or comes from the Key Vault of KEY_VAULT_NAME (secret duckdns-token) through the Azure CLI.
# Ends with 0 when DuckDNS took the address, 2 for wrong arguments or no token, 3 when it refused (wrong token or name),
# 4 when it could not be reached.
#
#   duckdns-update.sh "$(terraform output -raw subdomain)" "$(terraform output -raw public_ip)"
set -euo pipefail

settings=$(dirname "$0")/duckdns.env
subdomain=${1:-} address=${2:-}
if [ "$#" -eq 0 ] && [ -f "$settings" ]; then
  setting() { sed -n "s/^$1=//p" "$settings"; }
  subdomain=$(setting DUCKDNS_SUBDOMAIN)
  address=$(setting DUCKDNS_ADDRESS)
  KEY_VAULT_NAME=${KEY_VAULT_NAME:-$(setting KEY_VAULT_NAME)}
  if [ -z "$address" ]; then
    echo "$settings holds no address: apply the environment, then fill it with terrace handover" >&2
    exit 2
  fi
fi
if ! [[ $subdomain =~ ^[a-z0-9-]+$ && $address =~ ^([0-9]{1,3}\.){3}[0-9]{1,3}$ ]]; then
  echo "usage: duckdns-update.sh SUBDOMAIN IPV4 (got '$subdomain' '$address')" >&2
  exit 2
fi
token=${DUCKDNS_TOKEN:-}
if [ -z "$token" ] && [ -n "${KEY_VAULT_NAME:-}" ]; then
  token=$(az keyvault secret show --vault-name "$KEY_VAULT_NAME" --name duckdns-token --query value --output tsv) || token=''
fi
if [ -z "$token" ]; then
  echo 'no token: set DUCKDNS_TOKEN, or KEY_VAULT_NAME where the Azure CLI is logged in' >&2
  exit 2
fi

# The URL holds the token, so it goes through standard input and never into a message.
answer=$(printf 'url = "%s/update?domains=%s&token=%s&ip=%s"\n' "${DUCKDNS_URL:-https://www.duckdns.org}" "$subdomain" "$token" "$address" |
  curl --fail --silent --retry "${DUCKDNS_RETRIES:-5}" --retry-connrefused --max-time 30 --config -) || {
  echo "DuckDNS was not reached; $subdomain still has its old address" >&2
  exit 4
}
if [ "$answer" != OK ]; then
  echo "DuckDNS refused to point $subdomain to $address: check the token and the name" >&2
  exit 3
fi
echo "$subdomain.duckdns.org is $address"
