/**
 * What jobs run, as bash. A renderer adds `output NAME VALUE`, `summary` (from standard input), `warning TITLE TEXT`, `mask VALUE` and `identity_token AUDIENCE`,
 * and gives `CI_TEMP`, a folder of the job's own.
 */

/** Packs a folder so that the same files always give the same bytes. */
export function pack(folder: string, archive: string): readonly string[] {
  return [
    `tar --create --file ${archive} --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --directory ${folder} .`,
  ];
}

/** Unpacks an archive whose digest is known; ends with 3 where it is another one. */
export function unpack(archive: string, digest: string, folder: string, what: string): readonly string[] {
  return [
    `if ! printf '%s  %s\\n' "$${digest}" ${archive} | sha256sum --check --status; then echo 'refused: ${what}' >&2; exit 3; fi`,
    `mkdir -p ${folder}`,
    `tar --extract --file ${archive} --directory ${folder}`,
  ];
}

/** `assume ROLE REGION`: keys of a role for the rest of this step, from the job's own identity; nothing is written to a file. */
export const assume: readonly string[] = [
  'assume() {',
  '  local answer',
  '  answer=$(curl --fail --silent --show-error --data-urlencode "WebIdentityToken@"<(identity_token sts.amazonaws.com) \\',
  '    --data-urlencode "RoleArn=$1" --data-urlencode "RoleSessionName=terrace-$RUN_ID" \\',
  '    --data Action=AssumeRoleWithWebIdentity --data Version=2011-06-15 --data DurationSeconds=3600 \\',
  '    "${AWS_ENDPOINT_URL_STS:-https://sts.$2.amazonaws.com}/")',
  '  field() { grep --only-matching "<$1>[^<]*" <<< "$answer" | head -n 1 | cut -d ">" -f 2; }',
  '  AWS_ACCESS_KEY_ID=$(field AccessKeyId)',
  '  AWS_SECRET_ACCESS_KEY=$(field SecretAccessKey)',
  '  AWS_SESSION_TOKEN=$(field SessionToken)',
  '  mask "$AWS_SECRET_ACCESS_KEY"',
  '  mask "$AWS_SESSION_TOKEN"',
  '  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_REGION="$2" TERRACE_CREDENTIALS=ambient',
  '}',
];

/** A setting that nobody gave is absent, not empty: an empty value would replace a default. */
export const dropEmpty: readonly string[] = ['for name in $(compgen -e); do', '  if [ -z "${!name}" ]; then unset "$name"; fi', 'done'];

/** `object KEY FILE`: reads an object of the bucket with the keys of this step; prints the status of the answer. */
const object: readonly string[] = [
  'object() {',
  '  curl --silent --show-error --output "$2" --write-out "%{http_code}" --aws-sigv4 "aws:amz:$REGION:s3" \\',
  '    --config <(printf \'user = "%s:%s"\\nheader = "x-amz-security-token: %s"\\n\' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN") \\',
  '    --header "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" \\',
  '    "${AWS_ENDPOINT_URL_S3:-https://s3.$REGION.amazonaws.com}/$BUCKET/$1"',
  '}',
];

/** Reads the commit that was applied last in an environment. Nothing of a change takes part. */
export const readAccepted: readonly string[] = [
  ...assume,
  ...object,
  'assume "$ROLE" "$REGION"',
  'status=$(object "$KEY" "$CI_TEMP/accepted.json")',
  'if [ "$status" != 200 ]; then',
  '  echo "refused: no commit is accepted in $TARGET (HTTP $status); an administrator has to run: terrace backend bootstrap $TARGET" >&2',
  '  exit 3',
  'fi',
  'commit=$(jq --exit-status --raw-output .commit "$CI_TEMP/accepted.json")',
  'if ! grep --quiet --extended-regexp "^[0-9a-f]{40}$" <<< "$commit"; then echo "refused: the accepted commit of $TARGET is malformed" >&2; exit 3; fi',
  'output commit "$commit"',
];

/**
 * Builds what judges: the program that `ci/terrace.json` at the accepted commit names, and that commit's rules, facts and policies. Runs
 * code of the protected branch alone, and without any credential.
 */
export const buildJudge: readonly string[] = [
  'of_branch() { git -C source merge-base --is-ancestor "$1" "refs/remotes/origin/$BRANCH"; }',
  'if ! of_branch "$ACCEPTED"; then echo "refused: the accepted commit $ACCEPTED is not on $BRANCH" >&2; exit 3; fi',
  'if ! git -C source merge-base --is-ancestor "$ACCEPTED" "$COMMIT"; then',
  '  echo "refused: this change does not contain $ACCEPTED, which was applied last; merge $BRANCH first" >&2',
  '  exit 3',
  'fi',
  'for file in ci/terrace.json ci/recipients.txt terrace.approvals.json; do',
  '  if ! git -C source cat-file -e "$ACCEPTED:$file"; then',
  '    echo "refused: E0506: $ACCEPTED, which was applied last, has no $file; commit it, then an administrator has to run: terrace rules accept" >&2',
  '    exit 3',
  '  fi',
  'done',
  'git -C source show "$ACCEPTED:ci/terrace.json" > "$CI_TEMP/terrace.json"',
  'program=$(jq --exit-status --raw-output .commit "$CI_TEMP/terrace.json")',
  'if ! of_branch "$program"; then echo "refused: the commit $program of the pinned program is not on $BRANCH" >&2; exit 3; fi',
  'mkdir -p judge',
  'git -C source worktree add --quiet --detach "$PWD/program" "$program"',
  '(cd program && npm ci --ignore-scripts --no-audit --no-fund && npm run --silent program -- --out "$OLDPWD/judge/terrace.cjs")',
  'jq --exit-status --raw-output \'"\\(.sha256)  judge/terrace.cjs"\' "$CI_TEMP/terrace.json" | sha256sum --check --quiet',
  'git -C source worktree add --quiet --detach "$PWD/accepted" "$ACCEPTED"',
  '(cd accepted && npm ci --ignore-scripts --no-audit --no-fund && node node_modules/terrace/bin/terrace.js policy compile --out "$OLDPWD/judge/policies.cjs" && node node_modules/terrace/bin/terrace.js synth "$SYSTEM" --out "$OLDPWD/judge/before")',
  'cp accepted/terrace.approvals.json accepted/ci/recipients.txt judge/',
  'if [ -f accepted/terrace.environments.json ]; then cp accepted/terrace.environments.json judge/; fi',
  'printf "%s\\n" "$ACCEPTED" > judge/accepted',
  'cp "$(command -v terraform)" judge/terraform',
  'git -C source worktree remove --force "$PWD/program"',
  'git -C source worktree remove --force "$PWD/accepted"',
  'git clone --quiet --bare source judge/repository.git',
  'git -C judge/repository.git remote remove origin',
  'git -C judge/repository.git update-ref refs/heads/terrace/head "$COMMIT"',
  'git -C judge/repository.git update-ref refs/heads/terrace/protected "$(git -C source rev-parse "refs/remotes/origin/$BRANCH")"',
  ...pack('judge', 'judge.tar'),
  'output digest "$(sha256sum judge.tar | cut -d " " -f 1)"',
];

/** Ends with 3 where a file is not committed without which nothing can be planned, and says which. */
export const requireSetUp: readonly string[] = ['node node_modules/terrace/bin/terrace.js ci doctor --files'];

/** Synthesizes the run's own commit, in a job without credentials; `output digest` is that of the packed tree. */
export const synthesize: readonly string[] = [
  'npm ci --ignore-scripts --no-audit --no-fund',
  'node node_modules/terrace/bin/terrace.js synth "$SYSTEM" --out "$CI_TEMP/tree"',
  ...pack('"$CI_TEMP/tree"', '"$CI_TEMP/tree.tar"'),
  'output digest "$(sha256sum "$CI_TEMP/tree.tar" | cut -d " " -f 1)"',
];

/** As `synthesize`, ends with 3 where the tree is another one than the first that this run made of its commit (`TREE`). */
export const synthesizeAgain: readonly string[] = [
  ...synthesize,
  'if ! printf "%s  %s\\n" "$TREE" "$CI_TEMP/tree.tar" | sha256sum --check --status; then echo "refused: synthesizing the commit again gave a different tree" >&2; exit 3; fi',
];

/** Opens what judges and what is judged; terraform is the one that came with the judge. */
export const open: readonly string[] = [
  'umask 077',
  ...unpack('judge.tar', 'JUDGE', 'judge', 'this is not the program that was built'),
  ...unpack('tree.tar', 'TREE', 'tree', 'this is not the tree that was synthesized'),
  'export PATH="$PWD/judge:$PATH"',
];

/** What git leaves out of a change's commits: words and pictures, of which nothing is made. */
const aside = [...['md', 'png', 'svg', 'jpg', 'jpeg', 'gif'].map((ending) => `docs/**/*.${ending}`), '*.md'];

/** As many requests as one apply may ask about commits; the token of a run has a thousand in an hour. */
const mostAsked = 400;

/**
 * Who let the bundle through, and who proposed what is applied: of each commit that the protected branch took up since what was accepted, and
 * of the heads that it merged. An answer that cannot be read ends the job: an author would be missing.
 */
export const readPersons: readonly string[] = [
  ...unpack('judge.tar', 'JUDGE', 'judge', 'this is not the program that was built'),
  '@approvals',
  'if [ "$GATES" = 0 ]; then exit 0; fi',
  'git -C judge/repository.git rev-list --first-parent "$(cat judge/accepted)..$COMMIT" -- . \\',
  `  ${aside.map((one) => `':(exclude,glob)${one}'`).join(' ')} > "$CI_TEMP/commits"`,
  'while read -r commit; do printf "%s\\n" "$commit"; git -C judge/repository.git rev-parse "$commit^@" | tail -n +2; done < "$CI_TEMP/commits" > "$CI_TEMP/asked"',
  `if [ "$(wc -l < "$CI_TEMP/asked")" -gt ${mostAsked} ]; then`,
  `  echo "refused: more than ${mostAsked} commits since the one that was applied last, too many to find out who proposed them; an administrator has to run: terrace rules accept" >&2`,
  '  exit 3',
  'fi',
  '@proposals',
];

/** Signs who reviewed, and applies exactly the bundle that was reviewed. */
export const apply = (signIn: readonly string[]): readonly string[] => [
  'if [ "$AGAIN" != "$TREE" ]; then echo "refused: synthesizing the commit again gave a different tree from the one that was planned" >&2; exit 3; fi',
  ...open,
  'mkdir "$CI_TEMP/keys"',
  'trap \'rm -rf "$CI_TEMP/keys"\' EXIT',
  'printf "%s\\n" "$SIGNING_KEY" > "$CI_TEMP/keys/signing.pem"',
  'printf "%s\\n" "$AGE_IDENTITY" > "$CI_TEMP/keys/age.key"',
  'unset SIGNING_KEY AGE_IDENTITY',
  ...assume,
  'if [ "$(tar --extract --to-stdout --file bundle.tar.gz bundle.json | sha256sum | cut -d " " -f 1)" != "$HASH" ]; then echo "refused: this is not the bundle that was reviewed" >&2; exit 3; fi',
  'node judge/terrace.cjs policy check bundle.tar.gz --policies judge/policies.cjs',
  'sign=(node judge/terrace.cjs approve bundle.tar.gz --key "$CI_TEMP/keys/signing.pem" --out approvals --repository judge/repository.git \\',
  '  --policy-ref terrace/protected --policies judge/policies.cjs)',
  // Where nobody is asked, the environment's own key is one of those who approve.
  'if [ "$APPROVALS" = 0 ]; then "${sign[@]}"; fi',
  'if [ "$GATES" != 0 ]; then "${sign[@]}" --reviewed reviewers.json --proposed proposals.json --gate "$REVIEW" --run "$RUN_ID" --attempt "$ATTEMPT" --commit "$COMMIT"; fi',
  'assume "$ROLE" "$REGION"',
  ...dropEmpty,
  ...signIn,
  'code=0',
  'node judge/terrace.cjs apply bundle.tar.gz --repository judge/repository.git --policy-ref terrace/protected --policies judge/policies.cjs \\',
  '  --tree tree --approvals approvals --identity "$CI_TEMP/keys/age.key" --commit "$COMMIT" --kept "$CI_TEMP/kept" || code=$?',
  '# A state that could not be uploaded exists only here, so the runner uploads it, encrypted.',
  'if [ -d "$CI_TEMP/kept" ]; then output kept true; fi',
  'if [ "$code" != 0 ]; then exit "$code"; fi',
];

/** Reads what stages take of states (`STATES`: unit to key and names of outputs), never anything sensitive. The state itself stays here. */
export const readOutputs: readonly string[] = [
  'umask 077',
  ...assume,
  ...object,
  'assume "$ROLE" "$REGION"',
  'echo "{}" > outputs.json',
  'jq --raw-output \'to_entries[] | "\\(.key) \\(.value.key)"\' <<< "$STATES" > "$CI_TEMP/states"',
  'while read -r unit key; do',
  '  status=$(object "$key" "$CI_TEMP/state.json")',
  '  if [ "$status" != 200 ]; then echo "no state of $unit (HTTP $status): it has not been applied yet" >&2; exit 1; fi',
  '  jq --arg unit "$unit" --argjson asked "$STATES" --slurpfile state "$CI_TEMP/state.json" \\',
  '    \'.[$unit] = ($asked[$unit].outputs as $names | $state[0].outputs | with_entries(select(.value.sensitive != true and (.key | IN($names[])))) | map_values(.value))\' outputs.json > "$CI_TEMP/next.json"',
  '  mv "$CI_TEMP/next.json" outputs.json',
  'done < "$CI_TEMP/states"',
];

/** Waits until services run what was applied; ten minutes at most. */
export const awaitServices: readonly string[] = [
  ...assume,
  'assume "$ROLE" "$REGION"',
  'read -r -a services <<< "$SERVICES"',
  'aws ecs wait services-stable --cluster "$CLUSTER" --services "${services[@]}"',
  'printf "%s: %s are running what was applied.\\n" "$CLUSTER" "$SERVICES" | summary',
];

/**
 * `reviewed_artifacts`: ends with 3 unless the artifacts of `TARGET` in the tree are those whose digest stands in the bundle that was reviewed
 * (`HASH`). Before anything else is written among them.
 */
export const reviewedArtifacts: readonly string[] = [
  'reviewed_artifacts() {',
  '  local sealed found folder="tree/$TARGET/artifacts"',
  '  if [ "$(tar --extract --to-stdout --file bundle.tar.gz bundle.json | sha256sum | cut -d " " -f 1)" != "$HASH" ]; then echo "refused: this is not the bundle that was reviewed" >&2; exit 3; fi',
  '  sealed=$(tar --extract --to-stdout --file bundle.tar.gz bundle.json | jq --raw-output --arg target "$TARGET" \'[.covers[]? | select(.environment == $target) | .artifacts][0] // ""\')',
  '  found=$(cd "$folder" && find . -type f -printf "%P\\0" | LC_ALL=C sort --zero-terminated | xargs --null --no-run-if-empty sha256sum -- | sha256sum | cut -d " " -f 1)',
  '  if [ "$found" != "$sealed" ] || [ -n "$(find "$folder" ! -type f ! -type d)" ]; then echo "refused: the artifacts of $TARGET are not the ones in the reviewed bundle" >&2; exit 3; fi',
  '}',
  'reviewed_artifacts',
];

/** Installs Ansible with the digest of each package; `output digest` is that of what is handed on. */
export const installAnsible: readonly string[] = [
  'python3 -m pip install --quiet --no-deps --require-hashes --disable-pip-version-check --target ansible --requirement scripts/tools/ansible.txt',
  ...pack('ansible', 'ansible.tar'),
  'output digest "$(sha256sum ansible.tar | cut -d " " -f 1)"',
];

/** Lets Ansible reach servers: an agent with the key, and who they are. Ends with the step. */
export const reachServers: readonly string[] = [
  'export PYTHONPATH="$PWD/ansible"',
  'mkdir -p "$CI_TEMP/keys" "$HOME/.ssh"',
  `trap 'rm -rf "$CI_TEMP/keys"; ssh-agent -k > /dev/null' EXIT`,
  'printf "%s\\n" "$SSH_IDENTITY" > "$CI_TEMP/keys/ssh"',
  'printf "%s\\n" "$SSH_KNOWN_HOSTS" >> "$HOME/.ssh/known_hosts"',
  'unset SSH_IDENTITY',
  'eval "$(ssh-agent -s)" > /dev/null',
  'ssh-add "$CI_TEMP/keys/ssh"',
];

/** Looks for drift with the role that reads; what it found is a file, whether it found any an output. */
export const drift = (signIn: readonly string[]): readonly string[] => [
  ...open,
  ...assume,
  'assume "$ROLE" "$REGION"',
  ...dropEmpty,
  ...signIn,
  'code=0',
  'node judge/terrace.cjs drift "$TARGET" --tree tree --markdown > "$CI_TEMP/drift.md" || code=$?',
  'summary < "$CI_TEMP/drift.md"',
  'output drifted "$([ "$code" = 2 ] && echo true || echo false)"',
  'if [ "$code" != 0 ] && [ "$code" != 2 ]; then exit "$code"; fi',
];

/** Lists the locks of an environment. */
export const listLocks: readonly string[] = [
  ...open,
  ...assume,
  'assume "$ROLE" "$REGION"',
  'node judge/terrace.cjs lock list "$TARGET" --tree tree > "$CI_TEMP/locks.txt"',
  '{ printf "### Locks of %s\\n\\n\\`\\`\\`\\n" "$TARGET"; cat "$CI_TEMP/locks.txt"; printf "\\`\\`\\`\\n"; } | summary',
];

/** Releases exactly one lock. */
export const releaseLock: readonly string[] = [
  ...open,
  ...assume,
  'case "$UNIT" in "$TARGET"/*) ;; *) echo "refused: $UNIT is not in $TARGET" >&2; exit 3 ;; esac',
  'assume "$ROLE" "$REGION"',
  'node judge/terrace.cjs lock release "$UNIT" --tree tree --id "$LOCK" --yes',
];

/** Asks a public address until it answers; a minute at most. */
export const askAddress: readonly string[] = [
  'curl --fail --silent --show-error --location --retry 10 --retry-delay 6 --retry-all-errors --output /dev/null "$ADDRESS"',
];
