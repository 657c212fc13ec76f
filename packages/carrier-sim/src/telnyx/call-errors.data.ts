/** Telnyx' errors about calls, as far as they read otherwise than those about messages: HTTP status, title, detail. */
export const callErrors: ReadonlyMap<
  number,
  readonly [status: number, title: string, detail: string]
> = new Map([
  [10015, [422, 'Invalid value', 'The value of {detail} is not valid']],
  [10016, [422, 'Phone number must be in +E164 format', "'{detail}' is no number in E.164"]],
  [10032, [422, 'Invalid enumerated value', 'The value is none of {detail}']],
  [10033, [422, 'Value outside of range', 'The value of {detail} is outside of its range']],
  [90015, [422, 'Invalid Call Control ID', 'There is no such call']],
  [90018, [422, 'Call has already ended', 'The call takes no commands any more']],
  [90034, [422, 'Call not answered yet', 'The call has to be answered before this command']],
]);
