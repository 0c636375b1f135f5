/** What a stack author needs of pipelines: what roles ask of a job that takes them. */
export { jobTrust, type JobTrust } from './github/trust';
