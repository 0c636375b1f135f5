import { publicHealth } from './monitoring-files';

/** The script that says whether everything answers on the public name: each path by itself, with patience, over checked TLS. */
export function renderHealthCheck(domain: string): string {
  return `#!/usr/bin/env bash
# health-check.sh [BASE_URL]
# Asks every public path of ${domain} until it answers 200, HEALTH_SECONDS (300) at most for all of them.
# Ends with 0 when all did; with 1, and a line for each that did not.
set -euo pipefail

base=\${1:-https://${domain}}
deadline=$((SECONDS + \${HEALTH_SECONDS:-300}))
failed=0
for path in ${publicHealth.join(' ')}; do
  while :; do
    status=$(curl --silent --output /dev/null --max-time 10 --write-out '%{http_code}' "$base$path") || status=unreachable
    [ "$status" != 200 ] || break
    if [ "$SECONDS" -ge "$deadline" ]; then
      echo "$base$path: $status" >&2
      failed=1
      break
    fi
    sleep "\${HEALTH_PAUSE:-5}"
  done
  [ "$status" != 200 ] || echo "$base$path: 200"
done
exit "$failed"
`;
}
