import { ValidateBinaryVersion } from 'cdktf/lib/validations/validate-binary-version';

const answers = new Map<string, string[]>();

/**
 * cdktf asks a program for its version for each construct that needs a certain one (`terraform version` for each `terraform_data`): here once a
 * process for each question. Called by whoever runs validations.
 */
export function askVersionsOnce(): void {
  if (ValidateBinaryVersion.prototype.validate === validateOnce) return;
  ({ validate } = ValidateBinaryVersion.prototype);
  ValidateBinaryVersion.prototype.validate = validateOnce;
}

let { validate } = ValidateBinaryVersion.prototype;

function validateOnce(this: ValidateBinaryVersion): string[] {
  const question = JSON.stringify(this);
  const known = answers.get(question);
  if (known !== undefined) return known;
  const answer = validate.call(this);
  answers.set(question, answer);
  return answer;
}
