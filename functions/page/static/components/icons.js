// Signs of 16 pixels, drawn in the colour of the text around them; words beside them say the same.
import { html } from "../html.js";

const PATHS = {
  overview: "M2.5 9.5h4v4h-4zM9.5 2.5h4v11h-4zM2.5 2.5h4v4h-4z",
  mailings: "M2 3.5h12v9H2zM2.3 4l5.7 4.6L13.7 4",
  clients: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM2.8 13.6a5.2 5.2 0 0 1 10.4 0",
  settings: "M2 5h7M12.5 5H14M2 11h1.5M7 11h7M9 3.2v3.6h3V3.2zM3.8 9.2v3.6h3V9.2z",
  plus: "M8 3v10M3 8h10",
  upload: "M8 10.5V3M4.8 6L8 2.8 11.2 6M2.5 13h11",
  close: "M4 4l8 8M12 4l-8 8",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5",
  play: "M5 3.2v9.6l7.5-4.8z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  check: "M3 8.4l3.2 3.2L13 4.8",
  stop: "M4.2 4.2l7.6 7.6M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
  alert: "M8 2.4l6.2 11H1.8zM8 6.4v3.2M8 11.6v.1",
  download: "M8 2.5v7.5M4.8 7L8 10.2 11.2 7M2.8 13.3h10.4",
  pen: "M3 13l.6-2.6 7-7 2 2-7 7zM9.4 4.6l2 2",
  trash: "M3 4.5h10M6.5 4.3V2.8h3v1.5M4.3 4.5l.6 8.7h6.2l.6-8.7",
  again: "M13 3v3.2H9.8M12.8 6A5.2 5.2 0 1 0 13.2 9",
  question: "M6 6.1a2 2 0 1 1 2.7 2c-.5.2-.7.6-.7 1.1M8 11.4v.1M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0z",
};
/** @typedef {keyof typeof PATHS} IconName */

/** @param {{ name: IconName }} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><path d=${PATHS[name]} /></svg>`;
}
