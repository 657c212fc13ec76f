/**
 * Closes one part after the other, and each of them whatever becomes of those before it.
 *
 * @throws whatever the first that failed threw, when all were tried
 */
export async function closeAll(
  parts: readonly (() => Promise<void> | void | undefined)[],
): Promise<void> {
  const errors: unknown[] = [];
  for (const close of parts) {
    try {
      await close();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}
