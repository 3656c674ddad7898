// Several values as chips, and a combobox behind them with suggestions while one types.
//
// Enter or a comma takes what is typed or chosen, arrows choose, Escape closes, Backspace in the
// empty field takes the last chip away.
import { useId, useRef, useState } from "preact/hooks";
import { html } from "../html.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { Icon } from "./icons.js";
import { Options, offering, stepped } from "./options.js";

const t = translator(shared);
const SHOWN_MAX = 8;

/** @typedef {{ value: string, clients: number }} Suggestion */

/**
 * Those that begin with the text, then those that hold it, without what is chosen already.
 * @param {readonly Suggestion[]} all
 * @param {string} text
 * @param {readonly string[]} chosen
 */
export function fitting(all, text, chosen) {
  const wanted = text.trim().toLowerCase();
  const open = all.filter((each) => !chosen.includes(each.value));
  const begin = open.filter((each) => each.value.toLowerCase().startsWith(wanted));
  const hold = open.filter((each) => each.value.toLowerCase().indexOf(wanted) > 0);
  return (wanted ? [...begin, ...hold] : open).slice(0, SHOWN_MAX);
}

/**
 * @param {{ bound: import("./field.js").Bound, values: readonly string[],
 *   onChange: (values: string[]) => void, suggestions?: readonly Suggestion[], max?: number,
 *   placeholder?: string, inputMode?: string }} props
 */
export function Chips({
  bound,
  values,
  onChange,
  suggestions = [],
  max = 50,
  placeholder,
  inputMode,
}) {
  const listId = useId();
  /** @type {{ current: HTMLInputElement | null }} */
  const input = useRef(null);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const [said, setSaid] = useState("");
  const shown = (open ? fitting(suggestions, text, values) : []).map(({ value, clients }) => ({
    value,
    aside: t("chips.clients", { count: clients }),
  }));
  const chosen = shown[active];

  /** @param {string} value */
  function add(value) {
    const clean = value.trim();
    setText("");
    setActive(-1);
    setOpen(false); // what lies below it may be wanted next; typing or a click opens it again
    if (!clean || values.includes(clean) || values.length >= max) return;
    onChange([...values, clean]);
    setSaid(t("chips.added", { what: clean }));
  }

  /** @param {string} value */
  function remove(value) {
    onChange(values.filter((each) => each !== value));
    setSaid(t("chips.removed", { what: value }));
    input.current?.focus();
  }

  /** @param {1 | -1} by */
  function step(by) {
    setOpen(true);
    setActive(stepped(active, by, fitting(suggestions, text, values).length));
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") step(key === "ArrowDown" ? 1 : -1);
    else if ((key === "Enter" || key === ",") && (chosen || text.trim()))
      add(chosen?.value ?? text);
    else if (key === "Escape" && open) setOpen(false);
    else if (key === "Backspace" && text === "" && values.length > 0) remove(values.at(-1) ?? "");
    else return;
    event.preventDefault();
    if (key === "Escape") event.stopPropagation(); // a dialog around it stays
  }

  /** @param {ClipboardEvent} event several at once, as from a sheet */
  function onPaste(event) {
    const pasted = event.clipboardData?.getData("text").split(/[,;\n\t]/) ?? [];
    if (pasted.length < 2) return;
    event.preventDefault();
    const clean = pasted.map((each) => each.trim()).filter(Boolean);
    onChange([...new Set([...values, ...clean])].slice(0, max));
  }

  const chips = values.map(
    (value) => html`<li key=${value} class="chip">
      <span>${value}</span>
      <button type="button" aria-label=${t("app.remove", { what: value })} onClick=${() => remove(value)}>
        <${Icon} name="close" />
      </button>
    </li>`,
  );
  return html`<div class="chips">
    ${values.length > 0 && html`<ul class="chip-list">${chips}</ul>`}
    <div class="combobox">
      <input
        ...${bound}
        ref=${input}
        ...${offering(listId, shown, active)}
        inputmode=${inputMode}
        placeholder=${placeholder}
        value=${text}
        onInput=${(/** @type {any} */ event) => {
          setText(event.currentTarget.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus=${() => setOpen(true)}
        onClick=${() => setOpen(true)}
        onBlur=${() => add(text)}
        onKeyDown=${onKeyDown}
        onPaste=${onPaste}
      />
      <${Options} id=${listId} options=${shown} active=${active} onTake=${add} />
    </div>
    <span class="visually-hidden" aria-live="polite">${said}</span>
  </div>`;
}
