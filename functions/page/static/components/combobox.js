// One value, typed or chosen from what fits: a combobox as the ARIA Authoring Practices describe it.
// https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
//
//   <${Combobox} bound=${bound} value=${zone} onChange=${…} find=${(text) => [{ value, aside }]} />
//
// Arrows choose, Enter takes, Escape closes; what is typed is the value as it stands. With
// `onTake` it is told only when something was taken: chosen, or entered, or left.
import { useId, useState } from "preact/hooks";
import { html } from "../html.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/** @typedef {{ value: string, aside?: string }} Option `aside` stands beside it, in grey */

/**
 * `find` tells what fits a text; empty where somebody has only looked, so that all is offered.
 * @param {{ bound: Record<string, any>, value: string, onChange: (value: string) => void,
 *   onTake?: (value: string) => void, find: (text: string) => readonly Option[], inputMode?: string,
 *   placeholder?: string }} props
 */
export function Combobox({ bound, value, onChange, onTake, find, inputMode, placeholder }) {
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(false);
  const [active, setActive] = useState(-1);
  const shown = open ? find(typed ? value : "") : [];
  const chosen = shown[active];

  /** @param {boolean} next */
  function show(next) {
    setOpen(next);
    setActive(-1);
    if (!next) setTyped(false);
  }

  /** @param {string} taken */
  function take(taken) {
    onChange(taken);
    onTake?.(taken);
    show(false);
  }

  /** @param {number} by from before the first up to after the last, and round */
  function step(by) {
    setOpen(true);
    const count = find(typed ? value : "").length;
    setActive(count === 0 ? -1 : (active + by + (active < 0 && by < 0 ? 1 : 0) + count) % count);
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") step(key === "ArrowDown" ? 1 : -1);
    else if (key === "Enter" && (chosen || onTake)) take(chosen?.value ?? value);
    else if (key === "Escape" && open) show(false);
    else return;
    event.preventDefault();
    if (key === "Escape") event.stopPropagation(); // what is around it stays
  }

  const options = shown.map(
    (each, index) => html`<li
      key=${each.value}
      id=${`${listId}-${index}`}
      role="option"
      aria-selected=${index === active ? "true" : "false"}
      onMouseDown=${(/** @type {Event} */ event) => {
        event.preventDefault(); // the field keeps the focus
        take(each.value);
      }}
    >
      <span>${each.value}</span>
      ${each.aside && html`<span class="muted tabular">${each.aside}</span>`}
    </li>`,
  );
  return html`<div class="combobox">
    <input
      ...${bound}
      type="text"
      role="combobox"
      autocomplete="off"
      autocapitalize="none"
      spellcheck=${false}
      inputmode=${inputMode}
      placeholder=${placeholder}
      aria-autocomplete="list"
      aria-expanded=${shown.length > 0 ? "true" : "false"}
      aria-controls=${listId}
      aria-activedescendant=${chosen ? `${listId}-${active}` : undefined}
      value=${value}
      onInput=${(/** @type {any} */ event) => {
        onChange(event.currentTarget.value);
        show(true);
        setTyped(true);
      }}
      onFocus=${() => show(true)}
      onClick=${() => setOpen(true)}
      onBlur=${() => {
        show(false);
        bound.onBlur?.();
        onTake?.(value);
      }}
      onKeyDown=${onKeyDown}
    />
    <ul id=${listId} role="listbox" aria-label=${t("chips.options", { count: shown.length })} hidden=${shown.length === 0}>
      ${options}
    </ul>
  </div>`;
}
