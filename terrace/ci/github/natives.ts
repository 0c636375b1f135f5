/** What scripts may call, in GitHub's words; each is added where a script calls it. */
const functions: Readonly<Record<string, string>> = {
  output: `output() { printf '%s=%s\\n' "$1" "\${2//$'\\n'/ }" >> "$GITHUB_OUTPUT"; }`,
  summary: `summary() { cat >> "$GITHUB_STEP_SUMMARY"; }`,
  warning: `warning() { printf '::warning title=%s::%s\\n' "$1" "$2"; }`,
  mask: `mask() { printf '::add-mask::%s\\n' "$1"; }`,
  identity_token: [
    'identity_token() {',
    '  curl --fail --silent --show-error --header @<(printf "Authorization: Bearer %s\\n" "$ACTIONS_ID_TOKEN_REQUEST_TOKEN") \\',
    '    "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=$1" | jq --exit-status --join-output .value',
    '}',
  ].join('\n'),
  // Where a program that renews its tokens by itself asks for them; the right to ask comes from the shell and never into a command line.
  identity_source: [
    'identity_source() {',
    '  jq --null-input --arg audience "$1" \'{',
    '    url: (env.ACTIONS_ID_TOKEN_REQUEST_URL + "&audience=" + ($audience | @uri)),',
    '    headers: {Authorization: ("Bearer " + env.ACTIONS_ID_TOKEN_REQUEST_TOKEN)},',
    '    format: {type: "json", subject_token_field_name: "value"}',
    "  }'",
    '}',
  ].join('\n'),
  api: [
    'api() {',
    '  curl --fail --silent --show-error --header @<(printf "Authorization: Bearer %s\\n" "$GITHUB_TOKEN") \\',
    '    --header "Accept: application/vnd.github+json" --header "X-GitHub-Api-Version: 2022-11-28" "$@"',
    '}',
  ].join('\n'),
};

/** Scripts that only GitHub can answer; each gets the run's token in its own environment. */
const natives: Readonly<Record<string, readonly string[]>> = {
  // A run has one list of approvals, which survives its re-runs: what counts is decided by the program, by the hash in each comment.
  '@approvals': ['api "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID/approvals" > reviewers.json'],
  // An answer that fails ends the step: `while` is no condition, and bash stops at the first command that fails.
  '@proposals': [
    'echo "[]" > proposals.json',
    'while read -r commit; do',
    '  api "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/commits/$commit/pulls?per_page=100" > "$CI_TEMP/pulls.json"',
    '  jq --slurp add proposals.json "$CI_TEMP/pulls.json" > "$CI_TEMP/proposals.json"',
    '  mv "$CI_TEMP/proposals.json" proposals.json',
    'done < "$CI_TEMP/asked"',
  ],
  '@comment': [
    'marker="<!-- terrace $MARKER -->"',
    '{',
    '  printf "%s\\n" "$marker"',
    '  for environment in $ENVIRONMENTS; do',
    '    printf "## %s/%s\\n\\n" "$SYSTEM" "$environment"',
    '    if [ -f "reviews/$environment/review.md" ]; then head --bytes 30000 "reviews/$environment/review.md"; else echo "No plan: see the run."; fi',
    '    printf "\\n"',
    '  done',
    '} | head --bytes 60000 > "$CI_TEMP/comment.md"',
    'jq --null-input --rawfile body "$CI_TEMP/comment.md" \'{body: $body}\' > "$CI_TEMP/comment.json"',
    'comments="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/$CHANGE/comments"',
    'known=""',
    'for page in 1 2 3 4 5 6 7 8 9 10; do',
    '  api "$comments?per_page=100&page=$page" > "$CI_TEMP/comments.json"',
    '  known=$(jq --raw-output --arg marker "$marker" \'[.[] | select(.user.type == "Bot" and (.body | startswith($marker))) | .id][0] // ""\' "$CI_TEMP/comments.json")',
    '  if [ -n "$known" ] || [ "$(jq length "$CI_TEMP/comments.json")" -lt 100 ]; then break; fi',
    'done',
    'if [ -n "$known" ]; then',
    '  api --request PATCH --data "@$CI_TEMP/comment.json" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues/comments/$known" > "$CI_TEMP/answer.json"',
    'else',
    '  api --data "@$CI_TEMP/comment.json" "$comments" > "$CI_TEMP/answer.json"',
    'fi',
  ],
  '@issue': [
    'title="Drift in $TARGET"',
    'issues="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues"',
    'api "$issues?state=open&labels=drift&per_page=100" > "$CI_TEMP/issues.json"',
    'number=$(jq --raw-output --arg title "$title" \'[.[] | select(.title == $title and (has("pull_request") | not)) | .number][0] // ""\' "$CI_TEMP/issues.json")',
    'if [ "$DRIFTED" != true ]; then',
    '  if [ -n "$number" ]; then api --request PATCH --data \'{"state": "closed"}\' "$issues/$number" > "$CI_TEMP/answer.json"; fi',
    '  exit 0',
    'fi',
    'jq --null-input --arg title "$title" --rawfile body drift.md \'{title: $title, body: $body[0:60000], labels: ["drift"]}\' > "$CI_TEMP/issue.json"',
    'if [ -n "$number" ]; then',
    '  api --request PATCH --data "@$CI_TEMP/issue.json" "$issues/$number" > "$CI_TEMP/answer.json"',
    'else',
    '  api --data "@$CI_TEMP/issue.json" "$issues" > "$CI_TEMP/answer.json"',
    'fi',
  ],
  '@release': ['gh release create "$TAG" --repo "$GITHUB_REPOSITORY" --verify-tag --title "$TAG" --generate-notes release/*'],
};

/** Whether a script asks GitHub with the run's token. */
export function asksGithub(script: readonly string[]): boolean {
  return script.some((line) => line in natives);
}

/** A script for GitHub's runners, with the functions that it calls in front. */
export function shellScript(script: readonly string[]): string {
  const body = script.flatMap((line) => natives[line] ?? [line]).join('\n');
  const called = Object.entries(functions).filter(([name]) => new RegExp(`(^|[^\\w"-])${name}(?![\\w-])`, 'm').test(body));
  return `${[...called.map(([, text]) => text), body].join('\n').replaceAll('$CI_TEMP', '$RUNNER_TEMP')}\n`;
}
