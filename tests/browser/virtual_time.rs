//! A page whose clocks stand still until the test moves them.

use checkout::Timestamp;
use js_sys::Promise;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(inline_js = r#"
const names = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'];
const real = Object.fromEntries(names.map((name) => [name, window[name]]));
// A task of its own, sooner than any timer of the browser.
const { port1, port2 } = new MessageChannel();
const soon = () => new Promise((resolve) => { port1.onmessage = resolve; port2.postMessage(0); });
let now = 0;
let timers = [];
let last = 1_000_000;
const add = (heard, after, every) => {
  last += 1;
  timers.push({ id: last, heard, at: now + Math.max(0, Number(after) || 0), every });
  return last;
};
const remove = (id) => { timers = timers.filter((timer) => timer.id !== id); };
/** What was started goes on as far as it can without time: promises, answers, effects. */
const settled = async () => { for (let turn = 0; turn < 6; turn += 1) await soon(); };
export const begin = (wall) => {
  now = 0;
  timers = [];
  const start = performance.now();
  window.setTimeout = (heard, after) => add(heard, after);
  window.setInterval = (heard, after) => add(heard, after, Number(after));
  window.clearTimeout = remove;
  window.clearInterval = remove;
  Object.defineProperty(performance, 'now', { configurable: true, value: () => start + now });
  Object.defineProperty(Date, 'now', { configurable: true, writable: true, value: () => wall + now });
  window.virtualNow = () => wall + now;
};
const realDateNow = Date.now;
export const end = () => {
  for (const name of names) window[name] = real[name];
  delete performance.now;
  Date.now = realDateNow;
  delete window.virtualNow;
};
export const pass = async (millis) => {
  const until = now + millis;
  await settled();
  for (let turn = 0; turn < 1_000; turn += 1) {
    timers.sort((one, other) => one.at - other.at);
    const next = timers[0];
    if (!next || next.at > until) break;
    now = Math.max(now, next.at);
    if (next.every) next.at += Math.max(1, next.every);
    else remove(next.id);
    next.heard();
    await settled();
  }
  now = until;
  await settled();
};
"#)]
extern "C" {
    fn begin(wall: f64);
    fn end();
    fn pass(millis: u32) -> Promise;
}

/// Virtual time, until it is dropped.
pub(crate) struct VirtualTime;

impl VirtualTime {
    /// Stops the clocks of the page, when it is `now` at the proxy.
    pub(crate) fn begin(now: Timestamp) -> Self {
        begin(now.millis() as f64);
        Self
    }

    /// Lets `millis` pass: every timer that is due runs, and what follows from it.
    pub(crate) async fn passes(&self, millis: u32) {
        JsFuture::from(pass(millis)).await.expect("time");
    }
}

impl Drop for VirtualTime {
    fn drop(&mut self) {
        end();
    }
}
