// The fields of a client, for adding one and for editing one. A mistake shows once its field was
// left or something was typed over it, and all of them when somebody tries to save. It stands where
// the hint was, so that nothing moves away from the pointer.
import { useMemo, useState } from "preact/hooks";
import { FIELDS, mistakesIn, TAGS_MAX } from "../client-form.js";
import { phone as spaced } from "../format.js";
import { html } from "../html.js";
import { operatorCodeOf, phoneOf } from "../phones.js";
import { useSuggestions } from "../suggestions.js";
import own from "../words/clients.js";
import { translator } from "../words.js";
import { allZones, clockIn, fittingZones, offsetOf } from "../zones.js";
import { Chips } from "./chips.js";
import { Combobox } from "./combobox.js";
import { Field } from "./field.js";

/** @typedef {import("../client-form.js").Values} Values */
/** @typedef {import("../client-form.js").FieldName} FieldName */

const t = translator(own);
const SHOWN_MAX = 13;

/**
 * What is known to be wrong, and when to say it: `shown` are the mistakes to be told now.
 * @param {Values} values
 */
export function useMistakes(values) {
  const [touched, setTouched] = useState(/** @type {readonly FieldName[]} */ ([]));
  const [told, setTold] = useState(/** @type {Record<string, string>} */ ({}));
  const mistakes = mistakesIn(values);
  /** @type {Partial<Record<FieldName, string>>} */
  const shown = {};
  for (const name of FIELDS) {
    const key = touched.includes(name) ? mistakes[name] : undefined;
    const byServer = Object.entries(told).find(([field]) => field.split(".")[0] === name)?.[1];
    const words = key ? t(key) : byServer;
    if (words) shown[name] = words;
  }
  return {
    shown,
    /** @param {FieldName} name */
    touch: (name) => setTouched((before) => [...new Set([...before, name])]),
    /** @param {FieldName} name what the server said of it is about another value */
    heedChange: (name) =>
      setTold((before) =>
        Object.fromEntries(
          Object.entries(before).filter(([field]) => field.split(".")[0] !== name),
        ),
      ),
    /** Whether nothing is wrong; if something is, all of it shows. */
    check() {
      setTouched(FIELDS);
      return Object.keys(mistakes).length === 0;
    },
    tell: setTold,
  };
}

/**
 * @param {{ values: Values, onChange: (changes: Partial<Values>) => void,
 *   mistakes: ReturnType<typeof useMistakes>, taken?: any }} props `taken` stands under the phone
 */
export function ClientFields({ values, onChange, mistakes, taken }) {
  const suggestions = useSuggestions();
  const whole = phoneOf(values.phone);
  const { shown, touch, heedChange } = mistakes;
  /** @param {FieldName} name @param {any} value */
  function change(name, value) {
    heedChange(name);
    onChange({ [name]: value });
  }
  return html`<div class="client-fields">
    <${Field} label=${t("client.phone")} required error=${shown.phone} hint=${taken ?? (!shown.phone && phoneHint(values.phone))}>
      ${(/** @type {any} */ bound) => html`<input
        ...${bound}
        type="tel"
        inputmode="tel"
        autocomplete="off"
        placeholder="+7 900 000-00-01"
        value=${values.phone}
        onInput=${(/** @type {any} */ event) => change("phone", event.currentTarget.value)}
        onBlur=${() => values.phone && touch("phone")}
      />`}
    <//>
    <${Field} label=${t("client.code")} optional error=${shown.operator_code}
      hint=${!shown.operator_code && codeHint(values)}>
      ${(/** @type {any} */ bound) => html`<input
        ...${bound}
        inputmode="numeric"
        autocomplete="off"
        placeholder=${whole ? operatorCodeOf(whole) : "900"}
        value=${values.operator_code}
        onInput=${(/** @type {any} */ event) => change("operator_code", event.currentTarget.value)}
        onBlur=${() => touch("operator_code")}
      />`}
    <//>
    <${Field} label=${t("client.tags")} optional error=${shown.tags} hint=${!shown.tags && t("client.tags.hint")}>
      ${(/** @type {any} */ bound) => html`<${Chips}
        bound=${bound}
        values=${values.tags}
        max=${TAGS_MAX}
        suggestions=${suggestions.tags}
        onChange=${(/** @type {string[]} */ tags) => {
          change("tags", tags);
          touch("tags");
        }}
      />`}
    <//>
    <${ZoneField} value=${values.timezone} error=${shown.timezone}
      onChange=${(/** @type {string} */ zone) => change("timezone", zone)} onLeave=${() => values.timezone && touch("timezone")} />
  </div>`;
}

/** @param {Values} values */
function codeHint({ phone, operator_code }) {
  const whole = phoneOf(phone);
  return whole && !operator_code.trim()
    ? t("client.code.taken", { code: operatorCodeOf(whole) })
    : t("client.code.hint");
}

/** What the number will be, where it is typed in another shape. @param {string} typed */
function phoneHint(typed) {
  const whole = phoneOf(typed);
  return whole && ![whole, spaced(whole)].includes(typed.trim())
    ? t("client.phone.as", { phone: spaced(whole) })
    : t("client.phone.hint");
}

/**
 * @param {{ value: string, error?: string, onChange: (zone: string) => void, onLeave: () => void }} props
 */
function ZoneField({ value, error, onChange, onLeave }) {
  const zones = useMemo(allZones, []);
  const clock = clockIn(value.trim());
  const hint = clock
    ? t("client.zone.now", { clock, offset: offsetOf(value.trim()) })
    : t("client.zone.hint");
  /** @param {string} text */
  function find(text) {
    return fittingZones(zones, text, SHOWN_MAX).map((zone) => ({
      value: zone,
      aside: [clockIn(zone), offsetOf(zone)].filter(Boolean).join(" · "),
    }));
  }
  return html`<${Field} label=${t("client.zone")} required error=${error} hint=${!error && hint}>
    ${(/** @type {any} */ bound) => html`<${Combobox}
      bound=${{ ...bound, onBlur: onLeave }}
      value=${value}
      onChange=${onChange}
      find=${find}
      placeholder="Europe/Moscow"
    />`}
  <//>`;
}
