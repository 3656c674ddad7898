// The one session and the one API client of this page. Views import `api` from here.
import { Api } from "./api.js";
import { drafts } from "./drafts.js";
import { here } from "./router.js";
import { Session } from "./session.js";
import { keeper } from "./store.js";

export const session = new Session({
  url: () => new URL(location.href),
  leaveFor: (address) => location.replace(address),
  rewriteUrl(address) {
    history.replaceState(null, "", address);
    here.set(location.hash);
  },
  tab: keeper(() => sessionStorage),
  fetch: (...args) => fetch(...args),
  now: () => Date.now(),
  setTimer: (run, ms) => setTimeout(run, ms),
});

export const api = new Api({
  token: () => session.token(),
  renew: (refused) => session.renew(refused),
});

/** Sign out, and leave nothing of what was typed in this tab. */
export function signOut() {
  drafts.forgetAll();
  session.signOut();
}
