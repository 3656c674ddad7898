// The end of a list that goes on: loads the next page when it comes into sight, or by its button.
import { useEffect, useRef } from "preact/hooks";
import { html } from "../html.js";
import { explain } from "../problems.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared);

/** @param {{ more: boolean, loading: boolean, error?: unknown, onMore: () => void }} props */
export function MoreList({ more, loading, error, onMore }) {
  /** @type {{ current: HTMLElement | null }} */
  const end = useRef(null);
  const act = useRef(onMore);
  act.current = onMore;
  useEffect(() => {
    if (!more || loading || error || !end.current) return;
    const watch = new IntersectionObserver(
      (seen) => {
        if (seen.some((each) => each.isIntersecting)) act.current();
      },
      { rootMargin: "400px" },
    );
    watch.observe(end.current);
    return () => watch.disconnect();
  }, [more, loading, error]);
  if (!more) return null;
  return html`<div class="more" ref=${end}>
    ${Boolean(error) && html`<p class="mistake" role="alert">${explain(error).title}. ${explain(error).detail}</p>`}
    <button type="button" class="secondary" aria-busy=${loading ? "true" : undefined} disabled=${loading} onClick=${onMore}>
      ${t("app.more")}
    </button>
  </div>`;
}
