import { mostEntries, runnersFor, type SystemDelivery } from '../delivery';
import { entry, output, secret, text, type Job, type Value } from '../../tree/ci-pipeline';
import { unpack } from '../scripts';

import { treeOf, type SystemPart } from './shared';

/** What a change goes through before it is planned: side by side, without credentials. */
export const checkJobs: Readonly<Record<SystemDelivery['checks'][number], (part: SystemPart) => readonly Job[]>> = {
  format: () => [
    {
      id: 'format',
      title: 'Format and lint',
      needs: ['detect'],
      rights: ['source'],
      minutes: 15,
      steps: [
        { do: 'source', history: false },
        { do: 'runtime' },
        {
          do: 'run',
          title: 'Check format and lint',
          script: ['npm ci --ignore-scripts --no-audit --no-fund', 'npm run check:format', 'npm run check:lint'],
        },
      ],
    },
  ],
  validate: (delivery) => [
    // Each entry is a runner: a large environment is shared out among several.
    {
      id: 'validate',
      title: 'Validate',
      needs: ['detect'],
      minutes: 45,
      each: { list: output('detect', 'environments'), most: delivery.environments.length, shards: shardsOf(delivery) },
      steps: [
        { do: 'terraform' },
        { do: 'take', artefact: treeOf(delivery), into: '.' },
        {
          do: 'run',
          title: 'Validate every unit',
          values: {
            TREE: output('detect', 'tree'),
            SYSTEM: text(delivery.system),
            ENVIRONMENT: entry('environment'),
            ...shardValues(shardsOf(delivery)),
          },
          script: [
            ...unpack('tree.tar', 'TREE', 'tree', 'this is not the tree that was synthesized'),
            'export TF_PLUGIN_CACHE_DIR="$CI_TEMP/plugins"',
            'mkdir -p "$TF_PLUGIN_CACHE_DIR"',
            'failed=0',
            'while read -r unit; do',
            '  if terraform -chdir="$unit" init -backend=false -input=false -no-color > "$CI_TEMP/log" 2>&1 && terraform -chdir="$unit" validate -no-color > "$CI_TEMP/log" 2>&1; then',
            '    echo "valid  $unit"',
            '  else',
            '    failed=1; echo "invalid  $unit"; cat "$CI_TEMP/log"',
            '  fi',
            `done < <(find "tree/$SYSTEM/$ENVIRONMENT" -name main.tf.json -printf "%h\\n" | sort${shardsOf(delivery) === 1 ? '' : ' | awk -v shard="$SHARD" -v shards="$SHARDS" "NR % shards == shard - 1"'})`,
            'exit "$failed"',
          ],
        },
      ],
    },
  ],
  security: (delivery) => [
    {
      id: 'security',
      title: 'Security',
      needs: ['detect'],
      rights: ['source'],
      minutes: 30,
      steps: [
        { do: 'source', history: false },
        { do: 'runtime' },
        { do: 'take', artefact: treeOf(delivery), into: '.' },
        {
          do: 'run',
          title: 'Run Checkov',
          values: { TREE: output('detect', 'tree') },
          script: [
            ...unpack('tree.tar', 'TREE', '"$CI_TEMP/checked"', 'this is not the tree that was synthesized'),
            'npm ci --ignore-scripts --no-audit --no-fund',
            'python3 -m venv "$CI_TEMP/checkov"',
            '"$CI_TEMP/checkov/bin/pip" install --quiet --no-deps --require-hashes --disable-pip-version-check --requirement scripts/tools/checkov.txt',
            'PATH="$CI_TEMP/checkov/bin:$PATH" node scripts/checkov.js "$CI_TEMP/checked"',
          ],
        },
      ],
    },
  ],
  costs: (delivery) => [
    {
      id: 'costs-tool',
      title: 'Build Infracost',
      needs: ['detect'],
      minutes: 20,
      outputs: { digest: 'build' },
      steps: [
        {
          do: 'run',
          title: 'Build it, verified by the Go checksum database',
          id: 'build',
          script: [
            'GOBIN="$PWD" GOFLAGS=-mod=readonly go install github.com/infracost/infracost/cmd/infracost@v0.10.44',
            'output digest "$(sha256sum infracost | cut -d " " -f 1)"',
          ],
        },
        { do: 'give', artefact: { name: ['infracost'] }, files: ['infracost'], days: 2 },
      ],
    },
    {
      id: 'costs',
      title: 'Costs',
      needs: ['detect', 'costs-tool'],
      when: 'trusted',
      place: text('costs'),
      minutes: 20,
      steps: [
        { do: 'take', artefact: treeOf(delivery), into: '.' },
        { do: 'take', artefact: { name: ['infracost'] }, into: '.' },
        {
          do: 'run',
          title: 'Estimate costs',
          values: { INFRACOST_API_KEY: secret('INFRACOST_API_KEY'), TREE: output('detect', 'tree'), TOOL: output('costs-tool', 'digest') },
          script: [
            'if [ -z "$INFRACOST_API_KEY" ]; then echo "no Infracost API key is set: no estimate" | summary; exit 0; fi',
            ...unpack('tree.tar', 'TREE', 'tree', 'this is not the tree that was synthesized'),
            'printf "%s  infracost\\n" "$TOOL" | sha256sum --check --quiet',
            'chmod u+x infracost',
            './infracost breakdown --path tree --format table --no-color --out-file "$CI_TEMP/costs.txt"',
            '{ printf "### Costs\\n\\n\\`\\`\\`\\n"; cat "$CI_TEMP/costs.txt"; printf "\\`\\`\\`\\n"; } | summary',
          ],
        },
      ],
    },
  ],
  tests: (delivery) => [
    {
      id: 'test',
      title: delivery.titles.tests ?? 'Tests',
      needs: ['detect'],
      rights: ['source'],
      minutes: 45,
      steps: [
        { do: 'source', history: false },
        { do: 'runtime' },
        { do: 'terraform' },
        {
          do: 'run',
          title: 'Test',
          values: { CI: text('true'), SYSTEM: text(delivery.system) },
          script: [
            'npm ci --ignore-scripts --no-audit --no-fund',
            'PATH="$(scripts/setup-ci.sh):$PATH"',
            'npx jest "test/stacks/$SYSTEM" "test/e2e/$SYSTEM"',
          ],
        },
      ],
    },
  ],
};

/** Among how many runners each environment is shared out, so that all of them are no more than a matrix may have. */
export function shardsOf({ environments }: Pick<SystemPart, 'environments'>): number {
  const largest = Math.max(1, ...environments.map(({ units }) => units.length));
  return Math.max(1, Math.min(runnersFor(largest), Math.floor(mostEntries / Math.max(1, environments.length))));
}

function shardValues(shards: number): Readonly<Record<string, Value>> {
  return shards === 1 ? {} : { SHARD: entry('shard'), SHARDS: text(String(shards)) };
}
