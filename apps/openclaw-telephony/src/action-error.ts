/** A request that cannot be carried out as it stands, with what to change. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}
