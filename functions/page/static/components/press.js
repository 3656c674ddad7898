// Buttons that are pressed although the page moves.

/**
 * A press goes to this button though leaving a field adds a chip above it and moves it away.
 * @param {PointerEvent & { currentTarget: HTMLElement }} event
 */
export const keepPress = (event) => event.currentTarget.setPointerCapture(event.pointerId);
