// Which clients are listed: one phone in whatever shape, one tag, one operator code.
import { useEffect, useId, useState } from "preact/hooks";
import { phone as spaced } from "../format.js";
import { html } from "../html.js";
import { phoneOf } from "../phones.js";
import { useSuggestions } from "../suggestions.js";
import own from "../words/clients.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";
import { fitting } from "./chips.js";
import { Combobox } from "./combobox.js";
import { Icon } from "./icons.js";

/** @typedef {{ phone: string, tag: string, operator_code: string }} Filter */

const t = translator(shared, own);

/** @param {{ filter: Filter, onChange: (filter: Filter) => void }} props */
export function ClientFilter({ filter, onChange }) {
  const { tags, operator_codes } = useSuggestions();
  const isSet = Object.values(filter).some(Boolean);
  return html`<search class="filters" aria-label=${t("clients.filter")}>
    <${PhoneSearch} phone=${filter.phone} onFind=${(/** @type {string} */ phone) => onChange({ ...filter, phone })} />
    <${OneOf} label=${t("clients.tag")} value=${filter.tag} suggestions=${tags}
      onChange=${(/** @type {string} */ tag) => onChange({ ...filter, tag })} />
    <${OneOf} label=${t("clients.code")} value=${filter.operator_code} suggestions=${operator_codes} inputMode="numeric"
      onChange=${(/** @type {string} */ code) => onChange({ ...filter, operator_code: code })} />
    <button type="button" class="secondary clear" disabled=${!isSet} onClick=${() => onChange({ phone: "", tag: "", operator_code: "" })}>
      <${Icon} name="close" />${t("clients.clear")}
    </button>
  </search>`;
}

/**
 * Looked up as soon as it is a whole number; a part of one is told to be that when it is sent.
 * @param {{ phone: string, onFind: (phone: string) => void }} props
 */
function PhoneSearch({ phone, onFind }) {
  const id = useId();
  const [typed, setTyped] = useState(phone && spaced(phone));
  const [tried, setTried] = useState(false);
  const whole = phoneOf(typed);
  useEffect(() => {
    // Changed from outside, by the way back or by clearing; not while it is being typed.
    if (phoneOf(typed) !== (phone || null)) setTyped(phone && spaced(phone));
  }, [phone]);

  /** @param {string} text */
  function type(text) {
    setTyped(text);
    setTried(false);
    const found = phoneOf(text);
    if (found) onFind(found);
    else if (phone) onFind("");
  }

  const wrong = tried && typed.trim() !== "" && whole === null;
  return html`<form class="filter" novalidate onSubmit=${(/** @type {Event} */ event) => {
    event.preventDefault();
    setTried(true);
  }}>
    <label for=${id}>${t("clients.search")}</label>
    <input
      id=${id}
      type="search"
      inputmode="tel"
      autocomplete="off"
      placeholder="+7 900 000-00-01"
      aria-describedby=${`${id}-as`}
      aria-invalid=${wrong ? "true" : undefined}
      value=${typed}
      onInput=${(/** @type {any} */ event) => type(event.currentTarget.value)}
      onBlur=${() => setTried(true)}
    />
    <p id=${`${id}-as`} class=${wrong ? "mistake" : "hint"} role="status">
      ${wrong && t("clients.search.wrong")}
      ${whole && whole !== typed && t("clients.search.as", { phone: spaced(whole) })}
    </p>
  </form>`;
}

/**
 * @param {{ label: string, value: string, onChange: (value: string) => void, inputMode?: string,
 *   suggestions: readonly { value: string, clients: number }[] }} props
 */
function OneOf({ label, value, onChange, suggestions, inputMode }) {
  const id = useId();
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  /** @param {string} text */
  function find(text) {
    return fitting(suggestions, text, []).map((each) => ({
      value: each.value,
      aside: t("chips.clients", { count: each.clients }),
    }));
  }
  return html`<div class="filter">
    <label for=${id}>${label}</label>
    <${Combobox} bound=${{ id }} value=${typed} onChange=${setTyped} find=${find} inputMode=${inputMode} placeholder=${t("clients.any")}
      onTake=${(/** @type {string} */ taken) => taken.trim() !== value && onChange(taken.trim())} />
  </div>`;
}
