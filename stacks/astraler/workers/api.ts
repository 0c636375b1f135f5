import { notYetBuilt } from './not-yet-built';

export default notYetBuilt('api');
