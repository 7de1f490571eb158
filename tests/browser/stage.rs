//! An element with the widget in it, and a proxy made of answers that a test lays ready.

use calypso_widget::mount::{Mounted, mount};
use checkout::wire::CheckoutView;
use checkout::{Amount, Phase, Timestamp};
use js_sys::{Array, Promise, Reflect};
use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

/// The proxy's time in every answer, unless a test moves it.
pub(crate) const NOW: i64 = 1_795_000_000_000;

#[wasm_bindgen(inline_js = r#"
const asked = [];
let answer = null;
const streams = [];
let streamStatus = 404;
/** A stream of the proxy's, or its refusal: streams are there only for the tests that ask for them. */
const stream = (request) => {
  const kept = { path: new URL(request.url).pathname, credentials: request.credentials, redirect: request.redirect, headers: [...request.headers.keys()].join(), open: true };
  streams.push(kept);
  if (streamStatus !== 200) {
    kept.open = false;
    return new Response('{"error":{"code":"not_found","message":"no streams here"}}', { status: streamStatus });
  }
  const close = () => { kept.open = false; };
  const body = new ReadableStream({ start(controller) { kept.controller = controller; }, cancel: close });
  request.signal.addEventListener('abort', () => { if (kept.open) { close(); kept.controller.error(new Error('aborted')); } });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
};
export const serve_streams = (status) => { streamStatus = status; };
export const forget_streams = () => { streamStatus = 404; streams.length = 0; };
export const streams_asked = () => [...streams];
export const push_bytes = (text) => {
  const open = streams.find(({ open }) => open);
  if (!open) return false;
  open.controller.enqueue(new TextEncoder().encode(text));
  return true;
};
export const cut_stream = (cleanly) => {
  const open = streams.find(({ open }) => open);
  open.open = false;
  if (cleanly) open.controller.close(); else open.controller.error(new Error('cut'));
};
export const hide_page = (hidden) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event('visibilitychange'));
};
const real = window.fetch;
window.fetch = async (given, init) => {
  if (!String(given?.url ?? given).startsWith('https://proxy.test/')) return real(given, init);
  const request = new Request(given, init);
  if (request.url.endsWith('/events')) return stream(request);
  asked.push({
    method: request.method, path: new URL(request.url).pathname, body: request.method === 'GET' ? '' : await request.clone().text(),
    key: request.headers.get('Idempotency-Key') ?? '', etag: request.headers.get('If-None-Match') ?? '', signal: request.signal,
  });
  if (answer === null) return new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(new Error('aborted'))));
  if (answer.status === 0) throw new TypeError('Failed to fetch');
  if (answer.unchanged) {
    const { etag } = answer.unchanged;
    if (etag && request.headers.get('If-None-Match') === etag) return new Response(null, { status: 304 });
    const now = new Date(window.virtualNow()).toISOString();
    return new Response(JSON.stringify({ ...JSON.parse(answer.text), now }), { headers: etag ? { ETag: etag } : {} });
  }
  return new Response(answer.status === 304 ? null : answer.text, { status: answer.status, headers: { ETag: '"one"' } });
};
export const serve = (status, text) => { answer = { status, text }; };
export const unchanged = (text, etag) => { answer = { status: 200, text, unchanged: { etag } }; };
export const serve_nothing = () => { answer = null; };
export const forget_questions = () => { asked.length = 0; };
export const questions = () => [...asked];
export const listen = (element) => {
  const heard = [];
  for (const name of ['ready', 'change', 'paid', 'expired', 'error']) {
    element.addEventListener(`calypso-${name}`, ({ type, detail }) => heard.push({ type, detail }));
  }
  return heard;
};
export const set_clipboard = (works) => {
  window.copied = [];
  const writeText = async (text) => { if (!works) throw new Error('denied'); window.copied.push(text); };
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: Object.assign(Object.create(Clipboard.prototype), { writeText }) });
  document.execCommand = () => false;
};
export const copied = () => window.copied;
export const dress = (root, css) => {
  const style = document.createElement('style');
  style.textContent = css;
  root.append(style);
};
export const put_into_box = (host, tag, css) => {
  const outer = document.createElement('div');
  outer.className = 'test-box';
  const box = document.createElement(tag);
  box.style.cssText = css;
  outer.append(box);
  document.body.append(outer);
  const cell = tag === 'table' ? box.insertRow().insertCell() : box;
  cell.append(host);
  if (tag === 'dialog') box.showModal();
};
export const leave_box = (host) => host.closest('.test-box')?.remove();
export const style_of = (element, name) => getComputedStyle(element).getPropertyValue(name);
export const box_of = (element) => { const { left, right, top, bottom } = element.getBoundingClientRect(); return [left, right, top, bottom]; };
export const broken_numbers = (root) => {
  const { left, right } = root.host.getBoundingClientRect();
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (node.parentElement.closest('style, .unseen, .explanation, [role=status] .notice p:first-child')) continue;
    for (const { 0: number, index } of node.data.matchAll(/\d+(?:\.\d+)?/g)) {
      if (number.length < 4 || node.parentElement.closest('code, .group, time')) continue;
      const range = new Range();
      range.setStart(node, index);
      range.setEnd(node, index + number.length);
      const rects = range.getClientRects();
      const box = range.getBoundingClientRect();
      if (rects.length !== 1 || box.left < left - 0.5 || box.right > right + 0.5) broken.push(`${number}: ${rects.length} lines, ${box.left} to ${box.right} in ${left} to ${right}`);
    }
  }
  return broken;
};
export const hear = (root) => {
  const heard = [];
  const say = (node) => {
    const region = (node.nodeType === 1 ? node : node.parentElement)?.closest('[role=status]');
    const text = region?.textContent.trim();
    if (text) heard.push(text);
  };
  new MutationObserver((changes) => changes.forEach(({ target }) => say(target))).observe(root, { childList: true, characterData: true, subtree: true });
  return heard;
};
export const act = (code, element) => new Function('element', code)(element);
export const soon = () => new Promise((resolve) => setTimeout(resolve, 5));
"#)]
extern "C" {
    pub(crate) fn serve(status: u16, text: &str);
    pub(crate) fn serve_nothing();
    /// What is answered to whoever asks for a stream from now on: 200 is a stream.
    pub(crate) fn serve_streams(status: u16);
    /// Forgets the streams that were asked for, and gives no more.
    pub(crate) fn forget_streams();
    /// The streams asked for.
    pub(crate) fn streams_asked() -> Array;
    /// Sends a text through the open stream; `false` when there is none.
    pub(crate) fn push_bytes(text: &str) -> bool;
    /// Ends the open stream.
    pub(crate) fn cut_stream(cleanly: bool);
    /// Hides the page, or shows it again.
    pub(crate) fn hide_page(hidden: bool);
    fn unchanged(text: &str, etag: Option<String>);
    fn forget_questions();
    fn questions() -> Array;
    fn listen(element: &HtmlElement) -> Array;
    pub(crate) fn set_clipboard(works: bool);
    pub(crate) fn copied() -> Array;
    fn soon() -> Promise;
    fn dress(root: &ShadowRoot, css: &str);
    fn put_into_box(host: &HtmlElement, tag: &str, css: &str);
    fn leave_box(host: &HtmlElement);
    /// The computed value of a CSS property.
    pub(crate) fn style_of(element: &Element, name: &str) -> String;
    /// Left, right, top and bottom of an element on the screen.
    pub(crate) fn box_of(element: &Element) -> Vec<f64>;
    /// The amounts that are broken over two lines or stand out of the element.
    pub(crate) fn broken_numbers(root: &ShadowRoot) -> Vec<String>;
    /// Collects what the live regions say from now on.
    pub(crate) fn hear(root: &ShadowRoot) -> Array;
    /// Runs a piece of script on an element.
    pub(crate) fn act(code: &str, element: &Element) -> JsValue;
}

/// The widget's stylesheet.
const STYLE: [&str; 7] = [
    include_str!("../../style/tokens.css"),
    include_str!("../../style/widget.css"),
    include_str!("../../style/controls.css"),
    include_str!("../../style/status.css"),
    include_str!("../../style/choosing.css"),
    include_str!("../../style/paying.css"),
    include_str!("../../style/told.css"),
];

/// One element on the page; off it again at the end of the test.
pub(crate) struct Stage {
    pub(crate) host: HtmlElement,
    pub(crate) root: ShadowRoot,
    pub(crate) mounted: Mounted,
    heard: Array,
}

impl Stage {
    /// Mounts the widget of a checkout, or of a product.
    pub(crate) fn open(checkout: Option<&str>, product: Option<&str>) -> Stage {
        let (named, value) = match (checkout, product) {
            (Some(id), _) => ("checkout", id),
            (None, Some(product)) => ("product", product),
            (None, None) => ("", ""),
        };
        Stage::of(named, value, JsValue::UNDEFINED)
    }

    /// Mounts the widget of an element with this attribute, whose signatures `judge` judges.
    pub(crate) fn of(named: &str, value: &str, judge: JsValue) -> Stage {
        forget_questions();
        let host = a_host();
        let root = host
            .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
            .expect("a shadow root");
        let heard = listen(&host);
        let options = js_sys::Object::new();
        for (name, value) in [
            ("named", JsValue::from_str(named)),
            ("value", JsValue::from_str(value)),
            ("proxy", JsValue::from_str("https://proxy.test/")),
            ("judge", judge),
        ] {
            Reflect::set(&options, &JsValue::from_str(name), &value).expect("a field");
        }
        let mounted = mount(&host, &root, &options).expect("mounted");
        Stage {
            host,
            root,
            mounted,
            heard,
        }
    }

    /// Mounts the widget of the checkout in `answer`, which the proxy gives, and waits for it.
    pub(crate) async fn with(answer: &CheckoutView) -> Stage {
        serve_checkout(answer);
        let stage = Stage::open(Some(&answer.id), None);
        stage.sees(answer.state.as_str()).await;
        stage
    }

    /// Mounts the widget of the checkout in `answer`, of which the proxy knows nothing new but the time.
    pub(crate) fn of_unchanging(answer: &CheckoutView, has_etag: bool) -> Stage {
        serve_unchanged(answer, has_etag);
        Stage::open(Some(&answer.id), None)
    }

    /// Mounts the widget of `answer` with the real stylesheet, in a box of this CSS on the page.
    pub(crate) async fn styled(answer: &CheckoutView, css: &str) -> Stage {
        let stage = Stage::with(answer).await;
        dress(&stage.root, &STYLE.concat());
        stage.moves_into("div", css);
        stage
    }

    /// Moves the element into a new box of that tag and CSS.
    pub(crate) fn moves_into(&self, tag: &str, css: &str) {
        put_into_box(&self.host, tag, css);
    }

    /// Gives another answer and lets the widget ask for it.
    pub(crate) async fn learns(&self, answer: &CheckoutView) {
        serve_checkout(answer);
        self.mounted.refresh();
        self.sees(answer.state.as_str()).await;
    }

    /// Waits until the element is in that state.
    pub(crate) async fn sees(&self, state: &str) {
        self.waits(&["state ", state].concat(), || {
            self.host.get_attribute("data-state").as_deref() == Some(state)
        })
        .await;
    }

    /// Waits until something is so; fails when it is not after two seconds.
    pub(crate) async fn waits(&self, what: &str, is_so: impl Fn() -> bool) {
        for _ in 0..400 {
            if is_so() {
                return;
            }
            a_moment().await;
        }
        panic!("waited for {what}, shown is {:?}", self.text());
    }

    /// The named part of the shadow root.
    pub(crate) fn part(&self, name: &str) -> Option<Element> {
        self.find(&["[part~=\"", name, "\"]"].concat())
    }

    /// The first element that a selector finds.
    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).expect("a selector")
    }

    /// How many elements a selector finds.
    pub(crate) fn count(&self, selector: &str) -> u32 {
        self.root
            .query_selector_all(selector)
            .expect("a selector")
            .length()
    }

    /// Clicks what a selector finds.
    pub(crate) fn clicks(&self, selector: &str) {
        let button: HtmlElement = self
            .find(selector)
            .unwrap_or_else(|| panic!("no {selector}"))
            .unchecked_into();
        button.click();
    }

    /// Everything written on the widget.
    pub(crate) fn text(&self) -> String {
        self.root.text_content().unwrap_or_default()
    }

    /// The details of the events of that name, in order.
    pub(crate) fn events(&self, name: &str) -> Vec<JsValue> {
        let of_name = |event: &JsValue| field(event, "type").as_string().as_deref() == Some(name);
        self.heard
            .iter()
            .filter(of_name)
            .map(|event| field(&event, "detail"))
            .collect()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.mounted.unmount();
        leave_box(&self.host);
        self.host.remove();
    }
}

/// An element on the page.
pub(crate) fn a_host() -> HtmlElement {
    let document = web_sys::window()
        .and_then(|window| window.document())
        .expect("a page");
    let host: HtmlElement = document
        .create_element("div")
        .expect("an element")
        .unchecked_into();
    document
        .body()
        .expect("a body")
        .append_child(&host)
        .expect("appended");
    host
}

/// A few milliseconds, in which the page does what is due.
pub(crate) async fn a_moment() {
    JsFuture::from(soon()).await.expect("a timer");
}

/// The questions asked since the last stage was opened: one field of each.
pub(crate) fn asked(name: &str) -> Vec<String> {
    questions()
        .iter()
        .map(|question| field(&question, name).as_string().unwrap_or_default())
        .collect()
}

/// Whether the last question was called off.
pub(crate) fn is_called_off() -> bool {
    let last = questions().pop();
    field(&field(&last, "signal"), "aborted").is_truthy()
}

/// One field of an object.
pub(crate) fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).expect("an object")
}

/// Makes `answer` what the proxy answers. A proxy's URI follows from the amounts; one that a test wrote itself stays.
pub(crate) fn serve_checkout(answer: &CheckoutView) {
    let mut answer = answer.clone();
    if let Some(invoice) = &mut answer.invoice
        && invoice.uri.as_deref() == Some("tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=27.314")
        && (invoice.due != amount("27.314") || invoice.currency != "USDT_TRX")
    {
        invoice.uri = None;
    }
    serve(
        200,
        &serde_json::to_string(&answer).expect("a checkout can be written"),
    );
}

/// Makes `answer` what the proxy answers for ever, with the time of the virtual clock; with an `ETag` it says so where it can.
pub(crate) fn serve_unchanged(answer: &CheckoutView, has_etag: bool) {
    let text = serde_json::to_string(answer).expect("a checkout can be written");
    unchanged(&text, has_etag.then(|| "\"unchanged\"".to_owned()));
}

pub(crate) fn amount(text: &str) -> Amount {
    Amount::parse(text).expect("an amount of the test")
}

pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(NOW + minutes * 60_000)
}

/// A checkout of this id and phase. Its invoice, once there is one, is 27.314 USDT on Tron.
pub(crate) fn checkout(id: &str, state: Phase) -> CheckoutView {
    let currency = |code: &str, symbol: &str, name: &str, network: &str, estimate: &str| json!({"code": code, "symbol": symbol, "name": name, "network": network, "estimate": estimate});
    let invoice = json!({
        "currency": "USDT_TRX",
        "address": "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE",
        "amount": "27.314",
        "received": "0",
        "due": "27.314",
        "uri": "tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=27.314",
        "repriceAt": (state == Phase::Awaiting).then(|| at(15)),
        "expiresAt": at(180),
        "transaction": null,
    });
    let checkout = json!({
        "id": id,
        "state": state,
        "description": "Order 1001",
        "price": {"amount": "25.00", "currency": "EUR"},
        "currencies": [
            currency("USDT_TRX", "USDT", "Tether USD", "Tron (TRC-20)", "27.31"),
            currency("BTC", "BTC", "Bitcoin", "Bitcoin", "0.00031"),
            currency("USDT", "USDT", "Tether USD", "Ethereum (ERC-20)", "27.31"),
        ],
        "invoice": (state != Phase::Choosing).then_some(invoice),
        "expiresAt": at(1_440),
        "now": at(0),
        "pollAfterMs": 60_000,
        "returnUrl": null,
        "supportUrl": null,
        "logoUrl": null,
        "attestation": null,
    });
    serde_json::from_value(checkout).expect("a checkout as the proxy writes it")
}
