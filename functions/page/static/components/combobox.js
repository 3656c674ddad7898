// One value, typed or chosen from what fits.
//
//   <${Combobox} bound=${bound} value=${zone} onChange=${…} find=${(text) => [{ value, aside }]} />
//
// Arrows choose, Enter takes, Escape closes; what is typed is the value as it stands. With
// `onTake` it is told only when something was taken: chosen, or entered, or left.
import { useId, useState } from "preact/hooks";
import { html } from "../html.js";
import { Options, offering, stepped } from "./options.js";

/** @typedef {import("./options.js").Option} Option */

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

  /** @param {1 | -1} by */
  function step(by) {
    setOpen(true);
    setActive(stepped(active, by, find(typed ? value : "").length));
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

  return html`<div class="combobox">
    <input
      ...${bound}
      ...${offering(listId, shown, active)}
      inputmode=${inputMode}
      placeholder=${placeholder}
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
    <${Options} id=${listId} options=${shown} active=${active} onTake=${take} />
  </div>`;
}
