// What a combobox offers below its field, and what the field must say of it; as the ARIA Authoring
// Practices describe it. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
import { html } from "../html.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/** @typedef {{ value: string, aside?: string }} Option `aside` stands beside it, in grey */

/**
 * Which of so many is active after a step: from before the first up to after the last, and round.
 * @param {number} active -1 for none
 * @param {1 | -1} by
 * @param {number} count
 */
export function stepped(active, by, count) {
  return count === 0 ? -1 : (active + by + (active < 0 && by < 0 ? 1 : 0) + count) % count;
}

/**
 * The field's part of the pattern.
 * @param {string} id the list's
 * @param {readonly Option[]} options
 * @param {number} active
 */
export const offering = (id, options, active) => ({
  type: "text",
  role: "combobox",
  autocomplete: "off",
  autocapitalize: "none",
  spellcheck: false,
  "aria-autocomplete": "list",
  "aria-expanded": options.length > 0 ? "true" : "false",
  "aria-controls": id,
  "aria-activedescendant": options[active] ? `${id}-${active}` : undefined,
});

/**
 * The list; a press takes an option and leaves the focus in the field.
 * @param {{ id: string, options: readonly Option[], active: number, onTake: (value: string) => void }} props
 */
export function Options({ id, options, active, onTake }) {
  const items = options.map(
    ({ value, aside }, index) => html`<li
      key=${value}
      id=${`${id}-${index}`}
      role="option"
      aria-selected=${index === active ? "true" : "false"}
      onMouseDown=${(/** @type {Event} */ event) => {
        event.preventDefault();
        onTake(value);
      }}
    >
      <span>${value}</span>
      ${aside && html`<span class="muted tabular">${aside}</span>`}
    </li>`,
  );
  const label = t("chips.options", { count: options.length });
  return html`<ul id=${id} role="listbox" aria-label=${label} hidden=${options.length === 0}>${items}</ul>`;
}
