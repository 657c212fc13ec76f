import { z } from 'zod';

/** The shape of an object's schema. */
export type Shape = { readonly [key: string]: z.core.$ZodType };

/**
 * The same settings, each of which may be left out and then stays out: for a layer that lies above another one, where a
 * default would hide what the layer below says.
 */
export function withoutDefaults(shape: Shape): z.ZodObject {
  const bare: { [key: string]: z.core.$ZodType } = {};
  for (const [key, setting] of Object.entries(shape)) {
    const inner = unwrap(setting);
    bare[key] = z.optional(inner instanceof z.ZodObject ? withoutInnerDefaults(inner) : inner);
  }
  return z.strictObject(bare);
}

/** An object in which everything is required is one value, and stays so. */
function withoutInnerDefaults(section: z.ZodObject): z.core.$ZodType {
  const settings = Object.values(section.shape);
  return settings.some((setting) => setting !== unwrap(setting))
    ? withoutDefaults(section.shape)
    : section;
}

function unwrap(setting: z.core.$ZodType): z.core.$ZodType {
  const wrapped =
    setting instanceof z.ZodDefault ||
    setting instanceof z.ZodPrefault ||
    setting instanceof z.ZodOptional;
  return wrapped ? unwrap(setting.unwrap()) : setting;
}
