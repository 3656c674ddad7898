// The browser's own modal dialog: it keeps the focus inside, and gives it back when it is gone.
import { useEffect, useRef } from "preact/hooks";

/** For a `<dialog ref=…>` that is shown as long as it is drawn. */
export function useModal() {
  /** @type {{ current: HTMLDialogElement | null }} */
  const dialog = useRef(null);
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      shown?.close();
      if (before?.isConnected) before.focus();
    };
  }, []);
  return dialog;
}
