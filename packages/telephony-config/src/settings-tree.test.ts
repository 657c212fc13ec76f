import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { layered, type Settings, settingAt, withSetting } from './settings-tree.ts';

const key = fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor');
const leaf = fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer()));
const { settings } = fc.letrec<{ settings: Settings }>((tie) => ({
  settings: fc.dictionary(key, fc.oneof({ depthSize: 'small' }, leaf, tie('settings')), {
    noNullPrototype: true,
  }),
}));

describe('layers of settings', () => {
  it('leave a layer alone above or below nothing', () => {
    fc.assert(
      fc.property(settings, (one) => {
        expect(layered({}, one)).toEqual(one);
        expect(layered(one, {})).toEqual(one);
      }),
    );
  });
  it('give the upper one the last word, and change neither', () => {
    fc.assert(
      fc.property(settings, settings, (lower, upper) => {
        const before = JSON.stringify([lower, upper]);
        const both = layered(lower, upper);
        expect(layered(both, upper)).toEqual(both);
        expect(JSON.stringify([lower, upper])).toBe(before);
        for (const name of Object.keys({ ...lower, ...upper })) {
          expect(Object.hasOwn(both, name)).toBe(true);
        }
        expect(Reflect.get({}, 'a')).toBeUndefined();
      }),
    );
  });
});

describe('a setting', () => {
  it('is found where it was put, and gone when it was taken away', () => {
    fc.assert(
      fc.property(fc.array(key, { minLength: 1, maxLength: 3 }), leaf, (path, value) => {
        const put = withSetting({}, path, value);
        expect(settingAt(put, path)).toEqual(value);
        expect(settingAt(withSetting(put, path, undefined), path)).toBeUndefined();
      }),
    );
  });
});
