/** The role that applies changes, trusted from the protected environment only. */
export const applyRoleName = 'github-actions-role';
/** The role that plans changes and reads. */
export const planRoleName = 'github-actions-plan-role';
