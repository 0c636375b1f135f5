/** What a stack author needs of pipelines: what roles ask of a job that takes them, and the words for a pipeline of one's own. */
export { jobTrust, type JobTrust } from './github/trust';
export { entry, output, run, secret, setting, text, type Condition, type Job, type Pipeline, type Step } from '../tree/ci-pipeline';
