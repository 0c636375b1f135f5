import { ValidateBinaryVersion } from 'cdktf/lib/validations/validate-binary-version';

type Validate = (this: ValidateBinaryVersion) => string[];

const owner: { validate: Validate } = ValidateBinaryVersion.prototype;
const validate = owner.validate;
const answers = new Map<string, string[]>();

/**
 * cdktf asks a program for its version for each construct that needs a certain one (`terraform version` for each `terraform_data`): here once a
 * process for each question. Called by whoever runs validations.
 */
export function askVersionsOnce(): void {
  owner.validate = validateOnce;
}

function validateOnce(this: ValidateBinaryVersion): string[] {
  const question = JSON.stringify(this);
  const known = answers.get(question);
  if (known !== undefined) return known;
  const answer = validate.call(this);
  answers.set(question, answer);
  return answer;
}
