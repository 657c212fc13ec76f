import type { Form } from './form.ts';
import { isLayoutOf } from './known-form.ts';
import { layoutOf, type Layout } from './layout.ts';

const maxLayoutCount = 4;
/** Among senders of many layouts, learning anew each time would cost more than it saves. */
const strangersPerReplacement = 16;

/** The layouts of the latest genuine forms, a few of them. */
export class Layouts {
  readonly #layouts: Layout[] = [];
  #strangerCount = 0;

  /** The layout of the form that `loadForm` took, if it is known. */
  find(): Layout | undefined {
    for (let index = 0; index < this.#layouts.length; index += 1) {
      const layout = this.#layouts[index];
      if (layout !== undefined && isLayoutOf(layout)) return layout;
    }
    return undefined;
  }

  /**
   * Learns from a form that was not known. Call it only once a signature has matched, or a forger
   * decides how much work the next form makes.
   */
  learn(url: string, form: Form, order: readonly number[]): void {
    const stranger = this.#strangerCount;
    this.#strangerCount += 1;
    if (this.#layouts.length === maxLayoutCount && stranger % strangersPerReplacement !== 0) return;
    const layout = layoutOf(url, form, order);
    if (layout === undefined || this.#layouts.some((known) => hasSameNames(known, layout))) return;
    if (this.#layouts.length === maxLayoutCount) this.#layouts.shift();
    this.#layouts.push(layout);
  }
}

/** They expect the same bytes: then the form did not write its names as the layout does. */
function hasSameNames(known: Layout, layout: Layout): boolean {
  return known.names.join('&') === layout.names.join('&');
}
