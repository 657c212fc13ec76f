import { countryCodes } from './countries.data.ts';

const known: ReadonlySet<string> = new Set(countryCodes.trim().split(/\s+/u));

/** True for a country that numbers are known of: two capital letters of ISO 3166-1. */
export const isKnownCountry = (country: string): boolean => known.has(country);
