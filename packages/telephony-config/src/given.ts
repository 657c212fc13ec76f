/** Settings of which those that were left out are not there. */
export type Given<Settings> = {
  [Key in keyof Settings as undefined extends Settings[Key] ? never : Key]: Settings[Key];
} & {
  [Key in keyof Settings as undefined extends Settings[Key] ? Key : never]?: Exclude<
    Settings[Key],
    undefined
  >;
};

/** The settings that are not `undefined`: an option that is left out is another thing than one that is undefined. */
export function given<Settings extends object>(settings: Settings): Given<Settings>;
export function given(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
