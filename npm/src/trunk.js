// Under `trunk serve` the widget comes from Trunk's own build instead of from the loader's assets. Trunk puts this script
// into the page before the loader runs; it stands in for the names and hashes that the real build writes into the loader.

globalThis.__CALYPSO_ASSETS__ = {
  /** Trunk's script sets the bindings, then says so. */
  start: () => new Promise((resolve) => {
    if (window.wasmBindings) resolve(window.wasmBindings);
    else addEventListener('TrunkApplicationStarted', () => resolve(window.wasmBindings), { once: true });
  }),
  /** The files of style/, in the order of xtask/src/stylesheet.rs. */
  styles: async () => {
    const names = ['tokens', 'widget', 'controls', 'status', 'choosing', 'tints', 'paying', 'told', 'guard'];
    const texts = names.map((name) => fetch(`/style/${name}.css`).then((answer) => answer.text()));
    return (await Promise.all(texts)).join('');
  },
};
