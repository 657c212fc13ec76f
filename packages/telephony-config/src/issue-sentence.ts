import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What is wrong with a setting, to follow its name: `must be a number`. Nothing of its value is in it. */
export function issueSentence(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    return isMissing(issue) ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`;
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map((value) => JSON.stringify(value)).join(', ');
    return issue.values.length === 1 ? `must be ${values}` : `must be one of ${values}`;
  }
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') return eitherOf(issue);
  if (issue.code === 'too_small' && isBare(issue.message)) return tooSmall(issue);
  if (issue.code === 'too_big' && isBare(issue.message)) return `must be at most ${issue.maximum}`;
  if (issue.code === 'invalid_format' && issue.format === 'url' && isBare(issue.message)) {
    return 'must be an address as https://sms.example.com';
  }
  return isBare(issue.message)
    ? `is not right: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`
    : issue.message;
}

/** Messages of ours follow the name of a setting; those of the validator are sentences of their own. */
const isBare = (message: string): boolean => /^[A-Z]/u.test(message);

const isMissing = ({ message }: Issue): boolean => message.endsWith('received undefined');

/** A number without quotes is what JSON5 makes of a telephone number, plus sign and all. */
const kinds: { readonly [expected: string]: string } = {
  string: 'text in quotes',
  number: 'a number, without quotes',
  int: 'a whole number, without quotes',
  boolean: 'true or false, without quotes',
  array: 'a list: [ … ]',
  object: 'a section: { … }',
  record: 'a section: { … }',
};

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'string' || origin === 'array') return 'must not be empty';
  return inclusive === false ? `must be above ${minimum}` : `must be at least ${minimum}`;
}

/** The kinds that may stand there; where the kind is right and the value is not, what is wrong with that. */
function eitherOf({ errors }: z.core.$ZodIssueInvalidUnion): string {
  const sentences = errors.flatMap(([first]) => (first === undefined ? [] : [first]));
  const nearest = sentences.find(({ code, path }) => code !== 'invalid_type' || path.length > 0);
  const ofKind = sentences.filter(({ code }) => code === 'invalid_type');
  if (nearest === undefined || nearest.code === 'invalid_value') {
    const [first, ...others] = ofKind.map((each) => issueSentence(each));
    if (first !== undefined)
      return [first, ...others.map((each) => each.replace('must be ', ''))].join(' or ');
  }
  return nearest === undefined ? 'is not right' : issueSentence(nearest);
}
