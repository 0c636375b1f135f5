import { googleProject } from '../account';

export const account = googleProject('tp-154-development');
