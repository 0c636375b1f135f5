import { run, text, type Job, type Pipeline, type Step } from '../../tree/ci-pipeline';

const install = 'npm ci --ignore-scripts --no-audit --no-fund';
const start: readonly Step[] = [{ do: 'source', history: true }, { do: 'runtime' }];

/** The repository's own checks: of its source, of its tests, of its workflows. No job of it has a credential. */
export function checksPipeline(branch: string): Pipeline {
  const job = (id: string, title: string, minutes: number, steps: readonly Step[]): Job => ({
    id,
    title,
    rights: ['source'],
    minutes,
    steps,
  });
  return {
    file: 'checks',
    title: 'checks',
    about: ['The repository’s own checks.'],
    triggers: [
      { on: 'push', branches: [branch] },
      { on: 'change', branches: [branch] },
    ],
    jobs: [
      job('source', 'Source', 20, [
        ...start,
        { do: 'run', title: 'Check types, lint, format, dead code, folders and documents', script: [install, 'npm run check'] },
        {
          do: 'run',
          title: 'Synthesize twice, the second time with a different home, clock and time zone, and compare',
          script: ['node node_modules/terrace/bin/terrace.js synth --include-planned --again --out "$CI_TEMP/tree"'],
        },
      ]),
      job('tests', 'Tests', 90, [
        ...start,
        { do: 'terraform' },
        {
          do: 'run',
          title: 'Run every test',
          values: { CI: text('true') },
          script: [install, 'PATH="$(scripts/setup-ci.sh):$PATH"', 'npx jest'],
        },
      ]),
      job('pipelines', 'Pipelines', 60, [
        ...start,
        { do: 'terraform' },
        {
          do: 'run',
          title: 'Run every pipeline scenario',
          values: { CI: text('true'), TERRACE_FULL: text('1') },
          script: [install, 'PATH="$(scripts/setup-ci.sh):$PATH"', 'npx jest test/ci'],
        },
      ]),
      job('rehearse', 'Rehearse', 60, [
        ...start,
        { do: 'terraform' },
        {
          do: 'run',
          title: 'Rehearse the change on every committed shape, without credentials',
          script: [
            install,
            'failed=0',
            'for shape in shapes/*.shape.json; do',
            '  if [ ! -e "$shape" ]; then echo "no shapes/*.shape.json: nothing to rehearse"; break; fi',
            '  out="$CI_TEMP/rehearsal/$(basename "$shape" .shape.json)"',
            '  code=0',
            '  node node_modules/terrace/bin/terrace.js rehearse --include-planned --shape "$shape" --out "$out" || code=$?',
            '  if [ -e "$out/comment.md" ]; then',
            '    summary < "$out/comment.md"',
            '    mkdir -p "$CI_TEMP/pages"',
            '    cp "$out/rehearsal.html" "$CI_TEMP/pages/$(basename "$out").html"',
            '  fi',
            '  # Findings (2) are decided in the review; this job only shows them.',
            '  if [ "$code" != 0 ] && [ "$code" != 2 ]; then failed=1; fi',
            'done',
            'exit "$failed"',
          ],
        },
        { do: 'give', artefact: { name: ['rehearsal'] }, files: ['$CI_TEMP/pages'], days: 7, when: 'always', mayFail: true },
        {
          do: 'run',
          title: 'Shape, seed and rehearse production of every system',
          values: { CI: text('true'), TERRACE_FULL: text('1') },
          script: ['PATH="$(scripts/setup-ci.sh):$PATH"', 'npx jest test/e2e/rehearse'],
        },
      ]),
      job('workflows', 'Workflows', 20, [
        ...start,
        {
          do: 'run',
          title: 'Compare the workflows with the tree and lint them',
          script: [
            install,
            'node node_modules/terrace/bin/terrace.js ci generate --check',
            'node node_modules/terrace/bin/terrace.js ci pin --check',
            'GOBIN="$CI_TEMP/bin" go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
            '"$CI_TEMP/bin/actionlint"',
            'python3 -m venv "$CI_TEMP/zizmor"',
            '"$CI_TEMP/zizmor/bin/pip" install --quiet --no-deps --require-hashes --disable-pip-version-check --requirement scripts/tools/zizmor.txt',
            '"$CI_TEMP/zizmor/bin/zizmor" --offline --min-severity medium .github/workflows',
          ],
        },
      ]),
    ],
  };
}

/** A release: the one-file program and the package, built without any right, then attested, then attached. */
export function releasePipeline(branch: string): Pipeline {
  return {
    file: 'release',
    title: 'release',
    about: ['Builds the one-file program and the package from a tag, with checksums, a bill of materials and provenance.'],
    triggers: [{ on: 'tag', tags: 'v*' }],
    jobs: [
      {
        id: 'build',
        title: 'Build',
        rights: ['source'],
        minutes: 20,
        steps: [
          { do: 'source', history: true },
          { do: 'runtime' },
          {
            do: 'run',
            title: 'Build, with a bill of materials',
            values: { TAG: run('ref-name'), BRANCH: text(branch) },
            script: [
              'if ! git merge-base --is-ancestor HEAD "refs/remotes/origin/$BRANCH"; then echo "refused: $TAG is not on $BRANCH" >&2; exit 3; fi',
              install,
              'mkdir release',
              'npm run --silent program -- --out "$PWD/release/terrace.cjs"',
              'npm pack --workspace terrace --pack-destination release',
              'npm sbom --workspace terrace --omit dev --sbom-format cyclonedx > release/sbom.cdx.json',
              '(cd release && sha256sum -- * > SHA256SUMS)',
            ],
          },
          { do: 'give', artefact: { name: ['release'] }, files: ['release'], days: 2 },
        ],
      },
      {
        id: 'attest',
        title: 'Attest',
        needs: ['build'],
        rights: ['identity', 'attest'],
        minutes: 10,
        steps: [
          { do: 'take', artefact: { name: ['release'] }, into: 'release' },
          { do: 'attest', files: 'release/SHA256SUMS' },
        ],
      },
      {
        id: 'release',
        title: 'Release',
        needs: ['build', 'attest'],
        rights: ['release'],
        minutes: 10,
        steps: [
          { do: 'take', artefact: { name: ['release'] }, into: 'release' },
          { do: 'run', title: 'Attach the files', values: { TAG: run('ref-name') }, script: ['@release'] },
        ],
      },
    ],
  };
}
