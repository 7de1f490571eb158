// Under `trunk serve` the widget comes from Trunk's own build instead of from the loader's assets. Trunk puts this script
// into the page before the loader runs; it stands in for the manifest that the real build writes into the loader.

globalThis.__CALYPSO_ASSETS__ = {
  core: {
    /** Trunk's script sets the bindings, then says so. */
    start: () => new Promise((resolve) => {
      if (window.wasmBindings) resolve(window.wasmBindings);
      else addEventListener('TrunkApplicationStarted', () => resolve(window.wasmBindings), { once: true });
    }),
    /** The files of style/, in the order that the real build joins them in. */
    styles: async () => {
      const read = (name) => fetch(`/style/${name}`).then((answer) => answer.text());
      const names = (await read('order.txt')).trim().split('\n');
      return (await Promise.all(names.map((name) => read(`${name}.css`)))).join('');
    },
  },
};
