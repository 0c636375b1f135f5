export { account } from '../account';
