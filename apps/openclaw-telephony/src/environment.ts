/** The variables of this process. Read here alone, far from anything that talks to a network. */
export const environment = (): NodeJS.ProcessEnv => process.env;
