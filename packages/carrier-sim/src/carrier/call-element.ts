import type { XmlElement } from './xml.ts';

/** The elements directly within one, without the text between them. */
export function elementsIn({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((child) => typeof child !== 'string');
}

/** Who reads a text aloud, as far as the document says. */
export function speaker({ attributes }: XmlElement): { voice?: string; language?: string } {
  const voice = attributes.get('voice');
  const language = attributes.get('language');
  return {
    ...(voice === undefined ? {} : { voice }),
    ...(language === undefined ? {} : { language }),
  };
}

/** How the next document is asked for: POST unless the document says GET. */
export function methodOf({ attributes }: XmlElement): 'GET' | 'POST' {
  return attributes.get('method')?.toUpperCase() === 'GET' ? 'GET' : 'POST';
}
