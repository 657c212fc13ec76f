/**
 * A parameter as the limit of a query. Bare, SQLite would look at its value to choose a plan, and prepare the statement
 * anew with every run, which costs more than the run.
 */
export const bound = (parameter: string): string => `${parameter} + 0`;
