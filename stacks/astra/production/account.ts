import { googleProject } from '../account';

export const account = googleProject('tp154-production');
