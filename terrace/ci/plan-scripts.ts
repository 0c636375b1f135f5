import { assume, dropEmpty, open } from './scripts';

/** Whether what other tools are handed changes: then a bundle holds its digest, and persons see it, also where no unit differs. */
const handedOver: readonly string[] = [
  'handed=false',
  'if [ "$HANDOVER" = yes ] && [ "$OPERATION$ROUND" = apply1 ] && [ -d "tree/$TARGET/artifacts" ]; then',
  '  diff --recursive --unified --new-file "judge/before/$TARGET/artifacts" "tree/$TARGET/artifacts" > "$CI_TEMP/artifacts.diff" || handed=true',
  'fi',
  'if [ "$handed" = true ] && [ "$code" = 0 ] && [ "$(jq .place "$CI_TEMP/plan.json")" = null ]; then plan_with; fi',
];

/** `plan_with …`: plans the environment with the pinned program, on the tree of the run's own commit; `code` is how that ended. */
const planWith = (signIn: readonly string[]): readonly string[] => [
  ...open,
  ...assume,
  'assume "$ROLE" "$REGION"',
  ...dropEmpty,
  ...signIn,
  'lock=(--no-lock)',
  'if [ "$APPLIES" = true ]; then lock=(); fi',
  // No branch is given what writes: units that need it get no plan of it.
  'withheld=()',
  'if [ "$APPLIES" != true ]; then for name in $WRITING; do withheld+=(--not-given "$name"); done; fi',
  'plan_with() {',
  '  code=0',
  '  node judge/terrace.cjs plan "$TARGET" --tree tree --repository judge/repository.git "$@" --base terrace/protected \\',
  '    --policies judge/policies.cjs "${lock[@]}" "${withheld[@]}" \\',
  '    --round "$ROUND" --recipients judge/recipients.txt --out "$CI_TEMP/bundle.tar.gz" --json > "$CI_TEMP/plan.json" || code=$?',
  '}',
];

/** Plans one runner's part of a round, which is one wave. */
export const planPart = (signIn: readonly string[]): readonly string[] => [
  ...planWith(signIn),
  'read -r -a waves <<< "$WAVES"',
  'plan_with --affected applied --before judge/before --wave "${waves[ROUND - 1]}" --shard "$SHARD/$(jq length <<< "$SHARDS")"',
  'exit "$code"',
];

/** Joins the parts of a round, where runners have shared it; the next wave is a round of its own. */
const joinParts: readonly string[] = [
  'if [ "$SHARED" = true ]; then',
  '  code=0',
  '  node judge/terrace.cjs bundle merge parts/*/bundle.tar.gz --out "$CI_TEMP/bundle.tar.gz" --allow-empty --json > "$CI_TEMP/plan.json" || code=$?',
  '  read -r -a waves <<< "$WAVES"',
  '  later=$([ "$ROUND" -lt "${#waves[@]}" ] && echo true || echo false)',
  'else',
];

/** Plans one round of an environment. `shared`: some environment is so large that runners share its plan. */
export const plan = (signIn: readonly string[], shared: boolean): readonly string[] => [
  ...planWith(signIn),
  'later=false',
  ...(shared ? joinParts : []),
  'case "$OPERATION" in destroy) plan_with --destroy ;; *) plan_with --affected applied --before judge/before ;; esac',
  ...(shared ? ['fi'] : []),
  ...handedOver,
  // Refused, or failed, before anything was planned: it has said why.
  'hash=$(jq --raw-output \'.hash // ""\' "$CI_TEMP/plan.json")',
  'if [ -z "$hash" ]; then exit "$code"; fi',
  'output hash "$hash"',
  'output changes "$(jq --argjson handed "$handed" \'$handed or ([.units[]? | .actions | add] | add // 0 | . > 0)\' "$CI_TEMP/plan.json")"',
  'output left "$(jq --argjson later "$later" \'$later or ((.deferred // []) | length > 0)\' "$CI_TEMP/plan.json")"',
  'output sealed "$(jq \'.place != null\' "$CI_TEMP/plan.json")"',
  'if [ "$(jq .place "$CI_TEMP/plan.json")" = null ]; then',
  '  if [ "$code" != 0 ]; then exit "$code"; fi',
  '  printf "### %s, round %s\\n\\n%s\\n\\n" "$TARGET" "$ROUND" "$(jq --raw-output \'[.remarks[]? | "\\(.unit): \\(.text)"] | if . == [] then "Nothing differs from what was applied." else join("\\n") end\' "$CI_TEMP/plan.json")" | tee "$CI_TEMP/review.md" | summary',
  '  exit 0',
  'fi',
  'if [ "$(jq --raw-output \'.rules.base // ""\' "$CI_TEMP/plan.json")" != "$(cat judge/accepted)" ]; then',
  '  echo "refused: another commit has been accepted since this run started; run it again" >&2',
  '  exit 3',
  'fi',
  // Nobody has approved it yet, which is 3.
  'node judge/terrace.cjs verify "$CI_TEMP/bundle.tar.gz" --repository judge/repository.git --policy-ref terrace/protected --policies judge/policies.cjs \\',
  '  --json > "$CI_TEMP/verdict.json" || [ "$?" = 3 ]',
  'persons=$(jq --exit-status .persons "$CI_TEMP/verdict.json")',
  // Where nobody is asked, the key of the environment is the first of them.
  'gates=$((APPROVALS == 0 ? persons - 1 : persons))',
  'if [ "$gates" -gt "$GATES" ]; then echo "refused: the bundle needs $gates approvals, but there are only $GATES gates" >&2; exit 3; fi',
  'output gates "$gates"',
  'printf "### %s, round %s\\n\\nBundle \\`%s\\`: to approve it, write \\`%s\\` in the comment. It needs %s.\\n\\n" "$TARGET" "$ROUND" "$hash" "${hash:0:12}" \\',
  '  "$(jq --raw-output \'[.environments[].reasons[] | "\\(.id) \\(.place)"] as $why | "\\(.persons) approval\\(if .persons == 1 then "" else "s" end)\\(if $why == [] then "" else ", one more than usual because of \\($why | join(", "))" end)"\' "$CI_TEMP/verdict.json")" | summary',
  'exit "$code"',
];

/** Shows what was planned; needs no credential. */
export const showReview: readonly string[] = [
  'node judge/terrace.cjs review "$CI_TEMP/bundle.tar.gz" --repository judge/repository.git --markdown "$CI_TEMP/review.md" --html "$CI_TEMP/review.html"',
  'node judge/terrace.cjs policy check "$CI_TEMP/bundle.tar.gz" --policies judge/policies.cjs',
  // Of the change itself: indented, it stays text whatever it holds.
  'if [ -s "$CI_TEMP/artifacts.diff" ]; then { printf "\\n### Changes in files for other tools\\n\\n"; head --bytes 20000 "$CI_TEMP/artifacts.diff" | sed "s/^/    /"; } >> "$CI_TEMP/review.md"; fi',
  'summary < "$CI_TEMP/review.md"',
];
