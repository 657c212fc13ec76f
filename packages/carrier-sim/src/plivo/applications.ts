import { type Random, randomDigits } from '../carrier/random-id.ts';
import { createSettingsStore, type SettingsStore, type Stored } from '../carrier/settings-store.ts';

/** What can be set on an application. An empty URL is none. */
export interface ApplicationSettings {
  readonly name: string;
  readonly messageUrl: string;
  readonly messageMethod: 'GET' | 'POST';
  /** Asked what to do when somebody calls. */
  readonly answerUrl: string;
  readonly answerMethod: 'GET' | 'POST';
  /** Told when a call that came in has ended; default: the answer URL. */
  readonly hangupUrl: string;
  readonly hangupMethod: 'GET' | 'POST';
  /** Asked once the answer URL has failed. */
  readonly fallbackAnswerUrl: string;
}

/** An application: what has the webhooks of the numbers on it. */
export type PlivoApplication = Stored<ApplicationSettings>;

/** The applications of an account. */
export type Applications = SettingsStore<ApplicationSettings>;

/** Makes an account without applications. */
export function createApplications({
  now,
  random,
}: {
  readonly now: () => number;
  readonly random: Random;
}): Applications {
  return createSettingsStore<ApplicationSettings>({
    now,
    makeId: () => randomDigits(17, random),
    fresh: (count) => ({
      name: `application ${count + 1}`,
      messageUrl: '',
      messageMethod: 'POST',
      answerUrl: '',
      answerMethod: 'POST',
      hangupUrl: '',
      hangupMethod: 'POST',
      fallbackAnswerUrl: '',
    }),
  });
}
