// The frame of every view: its heading, which takes the focus when the view is shown, the window's
// title, and the view's main actions.
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";

let first = true;

/** @param {{ title: string, actions?: any, lead?: any, children: any }} props */
export function Page({ title, actions, lead, children }) {
  /** @type {{ current: HTMLElement | null }} */
  const heading = useRef(null);
  useEffect(() => {
    document.title = `${title} · Carillon`;
  }, [title]);
  useEffect(() => {
    // Who follows a link without seeing is told where it led; at first the page itself is read.
    if (!first) heading.current?.focus({ preventScroll: true });
    first = false;
    window.scrollTo(0, 0);
  }, []);
  return html`<div class="page">
    <div class="page-head">
      <div>
        <h1 tabindex="-1" ref=${heading}>${title}</h1>
        ${lead && html`<div class="lead muted">${lead}</div>`}
      </div>
      ${actions && html`<div class="actions">${actions}</div>`}
    </div>
    ${children}
  </div>`;
}
