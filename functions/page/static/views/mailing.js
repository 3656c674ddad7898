// One mailing, live: what is happening, what went wrong, what comes next, and what can be done.

import { StaleBanner } from "../components/banners.js";
import { Page } from "../components/page.js";
import { EmptyState, ErrorState } from "../components/states.js";
import { StatusBadge } from "../components/status-badge.js";
import { TestSend } from "../components/test-send.js";
import { api } from "../context.js";
import { ApiError } from "../faults.js";
import { shortDateTime } from "../format.js";
import { html } from "../html.js";
import { About } from "../mailing/about.js";
import { Actions } from "../mailing/actions.js";
import { Audience } from "../mailing/audience.js";
import { Counts } from "../mailing/counts.js";
import { GatewayBanner, TopErrors } from "../mailing/errors.js";
import { loadAudience, loadMailing, pollEvery } from "../mailing/load.js";
import { MessageDialog } from "../mailing/message-dialog.js";
import { Messages } from "../mailing/messages.js";
import { MinutesChart } from "../mailing/minutes-chart.js";
import { progressWords } from "../mailing/progress-words.js";
import { Schedule } from "../mailing/schedule.js";
import { Skeleton } from "../mailing/skeleton.js";
import { usePoll } from "../polling.js";
import own from "../words/mailing.js";
import shared from "../words/shared.js";
import { translator } from "../words.js";

const t = translator(shared, own);

/** @param {{ params: Record<string, string>, query: Record<string, string> }} props */
export default function MailingView({ params, query }) {
  const id = params.id ?? "";
  const live = usePoll(`mailing ${id}`, (signal) => loadMailing(api, id, signal), {
    everyMs: pollEvery,
  });
  const mailing = live.data?.mailing;
  const planned = mailing?.status === "scheduled" ? mailing : null;
  const audience = usePoll(
    `audience ${id} ${planned?.version}`,
    (signal) => loadAudience(api, planned, signal),
    { everyMs: 0 },
  );

  if (live.error instanceof ApiError && live.error.status === 404) {
    return html`<${Page} title=${t("mailing.title")}>
      <${EmptyState} title=${t("mailing.gone")} detail=${t("mailing.gone.do")}>
        <a role="button" class="secondary" href="#/mailings">${t("app.toMailings")}</a>
      <//>
    <//>`;
  }
  if (live.data === undefined || mailing === undefined) {
    return html`<${Page} title=${t("mailing.title")}>
      ${live.error ? html`<${ErrorState} error=${live.error} onRetry=${live.refresh} />` : html`<${Skeleton} />`}
    <//>`;
  }
  const recipients = audience.data?.exact ? audience.data.recipients : null;
  const seen = { ...live.data, recipients };
  return html`<${Shown} seen=${seen} preview=${audience.data} error=${live.error} refresh=${live.refresh} query=${query} />`;
}

/**
 * @param {{ seen: import("../mailing/progress-words.js").Seen, error: unknown, refresh: () => void,
 *   preview: import("../types.js").Preview | null | undefined, query: Record<string, string> }} props
 */
function Shown({ seen, preview, error, refresh, query }) {
  const { mailing, statistics } = seen;
  const now = new Date();
  const { tone, text } = progressWords(seen, now);
  const title = t("mailing.of", { when: shortDateTime(mailing.starts_at) });
  const lead = html`<div class="happening" data-tone=${tone}>
    <span role="status"><${StatusBadge} status=${mailing.status} /></span>
    <span class="sentence tabular">${text}</span>
  </div>`;
  const actions = html`<${Actions} seen=${seen} refresh=${refresh} />`;
  return html`<${Page} title=${title} lead=${lead} actions=${actions}>
    <${StaleBanner} error=${error} />
    <${GatewayBanner} seen=${seen} now=${now} />
    <div class="mailing-grid">
      <div class="mailing-main">
        ${
          mailing.status === "scheduled"
            ? html`<${Audience} preview=${preview} />`
            : html`<${Counts} seen=${seen} now=${now} refresh=${refresh} />`
        }
        <${TopErrors} statistics=${statistics} />
        <${MinutesChart} mailing=${mailing} timeline=${statistics.timeline} now=${now} />
      </div>
      <div class="mailing-side">
        <${About} mailing=${mailing} />
        <${Schedule} seen=${seen} now=${now} />
        <div class="card"><${TestSend} mailingId=${mailing.id} /></div>
      </div>
    </div>
    <${Messages} seen=${seen} query=${query} />
    ${query.message && html`<${MessageDialog} key=${query.message} mailing=${mailing} messageId=${query.message} query=${query} />`}
  <//>`;
}
