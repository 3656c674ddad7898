// htm bound to Preact: html`<p>${text}</p>`. What stands in ${} is text or elements, never markup.
import htm from "htm";
import { h } from "preact";

/**
 * Elements are made anew each time: htm would keep static ones, and Preact would pass them over
 * when the language changes. https://github.com/developit/htm#caching
 * @this {number[]}
 * @param {any} type
 * @param {any} props
 * @param {any[]} children
 */
function element(type, props, ...children) {
  this[0] = 3;
  return h(type, props, ...children);
}

/** @type {(strings: TemplateStringsArray, ...values: any[]) => any} */
export const html = /** @type {any} */ (htm).bind(element);
