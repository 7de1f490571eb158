//! Attacks on what is drawn, by scripts and styles of the page: each changes nothing, or stops the payment visibly.

use crate::stage::{Stage, a_moment, checkout, copied, field, set_clipboard};
use calypso_widget::qr::qr_outline;
use checkout::Phase;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, ShadowRoot};

const ADDRESS: &str = "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE";
const STYLE: &str = concat!(
    include_str!("../../style/tokens.css"),
    include_str!("../../style/widget.css"),
    include_str!("../../style/controls.css"),
    include_str!("../../style/paying.css"),
    include_str!("../../style/guard.css"),
);

#[wasm_bindgen(inline_js = r#"
const EVIL = 'TEoZ53apYcxrJspfCCb7PGh5CJKMiRrAMX';
const PICTURE = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><rect width="90" height="90" fill="red"/></svg>')}`;
const part = (root, name) => root.querySelector(`[part~="${name}"]`);
const add = (parent, tag, css, text = EVIL) => {
  const node = document.createElement(tag);
  node.style.cssText = css;
  node.textContent = text;
  parent.append(node);
  return node;
};
const inner_style = (root, css) => { const style = document.createElement('style'); style.textContent = css; root.append(style); };

// What a script in the page can do to the elements. Each must stop the payment.
const SCRIPTS = {
  'the text of the address is another': (root) => { part(root, 'address').textContent = EVIL; },
  'one group of the address is another': (root) => { root.querySelectorAll('.group')[3].firstChild.data = 'xxxx'; },
  'two groups of the address have changed places': (root) => { const [one, two] = root.querySelectorAll('.group'); two.after(one); },
  'a group of the address is gone': (root) => { root.querySelector('.group').remove(); },
  'a letter of the address is a look-alike': (root) => { const { firstChild } = root.querySelector('.group'); firstChild.data = firstChild.data.replace('T', '\u0422'); },
  'the amount is larger': (root) => { root.querySelector('.digits').firstChild.data = '2731.4'; },
  'the currency beside the amount is another': (root) => { root.querySelector('.unit').textContent = 'BTC'; },
  'the code says something else': (root) => { root.querySelectorAll('.qr path')[1].setAttribute('d', 'M4 4h7v1h-7z'); },
  'a second path is drawn over the code': (root) => { const path = root.querySelectorAll('.qr path')[1]; path.after(path.cloneNode()); },
  'the code is an image': (root) => { const image = document.createElement('img'); image.setAttribute('part', 'qr'); part(root, 'qr').replaceWith(image); },
  'the code is gone': (root) => { part(root, 'qr').remove(); },
  'the wallet link leads elsewhere': (root) => { part(root, 'open-wallet').setAttribute('href', `tron:${EVIL}`); },
  'the wallet link is replaced by a look-alike': (root) => { const link = part(root, 'open-wallet'); link.replaceWith(link.cloneNode(true)); },
  'the copy button is replaced by a look-alike': (root) => { const button = part(root, 'copy-address'); button.replaceWith(button.cloneNode(true)); },
  'the address is hidden behind a look-alike': (root) => { const address = part(root, 'address'); const other = address.cloneNode(true); other.textContent = EVIL; address.style.setProperty('display', 'none', 'important'); address.after(other); },
  'the address is transparent': (root) => { part(root, 'address').style.setProperty('opacity', '0', 'important'); },
  'all around the address is transparent': (root) => { root.querySelector('.pay').style.opacity = '0.01'; },
  'the address is not displayed': (root) => { part(root, 'address').style.setProperty('display', 'none', 'important'); },
  'the code is a dot': (root) => { part(root, 'qr').style.cssText = 'width:1px !important;height:1px !important'; },
  'the code is clipped away': (root) => { part(root, 'qr').style.setProperty('clip-path', 'inset(50%)', 'important'); },
  'the address is moved away': (root) => { root.querySelector('.pay').style.transform = 'translateX(-9999px)'; },
  'something lies over the widget': (root) => { add(root, 'div', 'position:absolute;inset:0;background:#fff'); },
  'something that lets clicks through lies over the address': (root) => { add(part(root, 'address').parentElement, 'div', 'position:absolute;inset:0;pointer-events:none'); },
  'a second address stands beside the first': (root) => { add(root.querySelector('.pay'), 'p', ''); },
  'a sentence names another address': (root) => { root.querySelector('.label').firstChild.data = `Send to ${EVIL} instead`; },
  'a frame lies in the widget': (root) => { add(root, 'iframe', ''); },
  'a style inside writes another address': (root) => { inner_style(root, `.address::after{content:"${EVIL}" !important;display:block !important} .groups{display:none !important}`); },
  'a style inside writes before the card': (root) => { inner_style(root, `.widget::before{content:"${EVIL}"}`); },
  'the inside is written anew': (root) => { root.querySelector('.pay').textContent = `Send to ${EVIL}`; },
  'everything is taken out': (root) => { root.textContent = ''; },
  'a text stands beside the rows': (root) => { root.querySelector('.pay').append(`or to ${EVIL}`); },
  'a text stands beside the card': (root) => { root.append(EVIL); },
  'a text stands in the footer': (root) => { root.querySelector('.footer').append(EVIL); },
  'a translation lies over the widget': (root) => { add(root, 'font', 'position:absolute;inset:0;background:#fff'); },
  'another address in groups': (root) => { root.querySelector('.label').firstChild.data = `Send to ${EVIL.match(/.{1,4}/g).join(' ')} instead`; },
  'the address is moved by a property of its own': (root) => { part(root, 'address').style.setProperty('translate', '-9999px', 'important'); },
  'the address has the colour of the card': (root) => { part(root, 'address').style.setProperty('color', '#fff', 'important'); },
  'the code is moved by its surroundings': (root) => { root.querySelector('.code').style.marginLeft = '-9999px'; },
  'a part of the widget lies over the code': (root) => { inner_style(root, '[part~=countdown]{position:fixed !important;inset:0 !important;z-index:9 !important;background:#fff}'); },
};

// What a style sheet of the page can do to the parts. Each must change nothing that is read or scanned.
const STYLES = {
  'text after the address': 'PART(address)::after{content:"EVIL" !important;display:block !important;font-size:20px}',
  'text before the amount': 'PART(amount)::before{content:"2" !important}',
  'text after every part': 'PART(status)::after,PART(message)::after,PART(countdown)::after,PART(qr)::after{content:"EVIL" !important}',
  'an image in place of the code': 'PART(qr){content:url(data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==) !important}',
  'a transparent address': 'PART(address){opacity:0 !important;visibility:hidden !important}',
  'a colourless address': 'PART(address){color:transparent !important;-webkit-text-fill-color:transparent !important}',
  'an image behind the address': 'PART(address){background:url(data:image/png;base64,AAAA) !important}',
  'an address moved away': 'PART(address),PART(amount){transform:translateX(-9999px) !important;position:absolute !important;margin-left:-9999px !important;text-indent:-9999px !important}',
  'a mirrored address': 'HOST{direction:rtl !important;unicode-bidi:bidi-override !important} PART(address){direction:rtl !important;unicode-bidi:bidi-override !important}',
  'a code clipped away': 'PART(qr){clip-path:inset(50%) !important;filter:invert(1) !important}',
  'a font that draws other letters': '@font-face{font-family:monospace;src:url(data:font/woff2;base64,AAAA)} HOST{--calypso-mono:Evil;--calypso-font:Evil} PART(address){font-family:Evil !important} PART(amount){font-family:Evil !important}',
  'a picture over a code of no colour': 'PART(qr){fill-opacity:0 !important;stroke:#fff;stroke-width:2px;padding:104px !important;border-image:url("PICTURE") 0 fill / 0 stretch !important;box-shadow:inset 0 0 0 200px #fff}',
  'a picture over an address of no colour': 'PART(address){--text:transparent !important;--link:transparent !important;--muted:transparent !important;border:1px solid !important;border-image:url("PICTURE") 0 fill / 0 stretch !important}',
  'a list marker before the address': 'PART(address){display:list-item !important;list-style:inside "EVIL" !important} PART(address)::marker{content:"EVIL" !important}',
  'properties of the widget set on the part': 'PART(address),PART(amount),PART(qr){--text:#fff0;--link:#fff0;--muted:#fff0;--back:url("PICTURE");--length:99;--radius:99px;--line:red;--mono:Evil;--font:Evil}',
  'a first letter of no size': 'PART(amount)::first-letter,PART(address)::first-letter{font-size:0 !important;color:transparent !important;float:right !important;margin-left:-1em !important}',
  'a first line of no colour': 'PART(amount)::first-line,PART(address)::first-line{color:transparent !important;-webkit-text-fill-color:transparent !important;font-size:1px !important;background:url("PICTURE") !important;text-transform:uppercase !important}',
  'another part with buttons for scrolling that say something': 'PART(message),PART(status),PART(countdown),PART(address){overflow:scroll !important;scroll-marker-group:after !important} HOST::scroll-button(down),PART(message)::scroll-button(down),PART(status)::scroll-button(down){content:"EVIL" !important}',
  'another part over the code': 'HOST{position:relative} PART(countdown),PART(status),PART(rate),PART(copy-address){position:absolute !important;inset:0 !important;background:#fff url("PICTURE") !important;color:transparent;z-index:9 !important;outline:300px solid #fff;margin:-300px}',
  'a card of the page over the card': 'HOST{position:relative} HOST::before,HOST::after{content:"EVIL" !important;position:absolute;inset:0;background:#fff;z-index:9}',
  'an address of no size': 'PART(address),PART(amount){font-size:0 !important;min-height:2em !important;line-height:0 !important;zoom:0.01 !important;content-visibility:hidden !important}',
  'an address drawn white': 'PART(address){-webkit-text-stroke:20px #fff !important;text-emphasis:"T" !important;mix-blend-mode:difference !important;background-clip:text !important}',
  'an address on a path of its own': 'PART(address),PART(qr){offset-path:path("M-9999 0h1") !important;offset-distance:100% !important;perspective:1px !important;rotate:x 89deg !important}',
  'an address that is laid out elsewhere': 'PART(address),PART(amount),PART(qr){float:left !important;position:fixed !important;left:-9999px !important;columns:30 !important;writing-mode:vertical-rl !important;order:-1 !important;grid-area:9/9 !important}',
  'a mirror under the code': 'PART(qr){-webkit-box-reflect:below !important;mask-image:linear-gradient(#0000,#0000) !important;backdrop-filter:invert(1) !important}',
  'letters as dots': 'PART(address){-webkit-text-security:disc !important;text-transform:uppercase !important;letter-spacing:-1em !important}',
};

export const scripts = () => Object.keys(SCRIPTS);
export const styles = () => Object.keys(STYLES);
export const attack = (name, root) => SCRIPTS[name](root);
export const dress = (root, css) => inner_style(root, css);
export const restyle = (name, host) => {
  host.id = 'attacked';
  const style = document.createElement('style');
  style.textContent = STYLES[name].replaceAll('PART', '#attacked::part').replaceAll('HOST', '#attacked').replaceAll('EVIL', EVIL).replaceAll('PICTURE', PICTURE);
  document.head.append(style);
  return style;
};
/**
 * All that the parts compute to, where they are, and what is met at their middle. Places may differ where an attack takes other parts
 * out of the way; what is met there may not.
 */
export const looks = (root, mayMove) => ['address', 'amount', 'qr'].map((name) => {
  const element = part(root, name);
  element.scrollIntoView({ block: 'center' });
  const { width, height, left, top } = element.getBoundingClientRect();
  const { left: x, top: y } = root.host.getBoundingClientRect();
  const met = root.elementFromPoint(left + width / 2, top + height / 2);
  const pseudos = ['::before', '::after', '::marker'].map((pseudo) => [pseudo, getComputedStyle(element, pseudo).content, getComputedStyle(root.host, pseudo).content].join());
  for (const pseudo of ['::first-line', '::first-letter']) {
    const first = getComputedStyle(element, pseudo);
    const keys = ['color', 'fontSize', 'fontFamily', 'cssFloat', 'marginLeft', 'webkitTextFillColor', 'backgroundImage', 'textTransform', 'letterSpacing', 'opacity'];
    pseudos.push([pseudo, ...keys.map((key) => first[key])].join());
  }
  pseudos.push([root.host, ...root.querySelectorAll('[part]')].map((any) => getComputedStyle(any, '::scroll-button(down)').content).join());
  const style = getComputedStyle(element);
  const inside = [...element.querySelectorAll('*')].map((child) => ['color', 'fill', 'stroke', 'fontFamily', 'webkitTextFillColor'].map((key) => getComputedStyle(child)[key]));
  const isMet = met === null || element.contains(met);
  const isPlace = (key) => mayMove && /size|width|height|origin|inset|top|left|right|bottom/.test(key);
  const places = mayMove ? [] : [width, height, left - x, top - y];
  return [name, isMet, ...pseudos, ...places, ...[...style].filter((key) => !key.startsWith('--') && !isPlace(key)).map((key) => `${key}:${style.getPropertyValue(key)}`), inside].join('\n');
}).join('\n');
/** Takes every colour out of the theme, and tells what the letters of address and amount are drawn in. */
export const fade = (host, root) => {
  for (const name of ['text', 'muted', 'accent']) host.style.setProperty(`--calypso-${name}`, '#fff0');
  return ['.address', '.amount', '.group', '.group:nth-child(2)', '.digits'].map((name) => getComputedStyle(root.querySelector(name)).color).join('\n');
};
export const touch = (host, root) => {
  host.setAttribute('data-react', String(Math.random()));
  host.className = 'rendered';
  host.style.margin = '1px';
  const label = root.querySelector('.label').firstChild;
  const groups = root.querySelector('.group').firstChild;
  groups.data = String(groups.data);
  label.data = String(label.data);
  root.querySelector('.pay').setAttribute('data-extension', '1');
  inner_style(root, '.unknown{color:red}');
  const font = document.createElement('font');
  font.textContent = 'Nur diese Adresse';
  root.querySelector('.label').append(font);
};
export const swap_clipboard_labels = (root) => { for (const name of ['aria-label', 'title', 'data-copy', 'data-clipboard-text', 'value']) part(root, 'copy-address').setAttribute(name, EVIL); };
"#)]
extern "C" {
    fn scripts() -> Array;
    fn styles() -> Array;
    fn attack(name: &str, root: &ShadowRoot);
    fn dress(root: &ShadowRoot, css: &str);
    fn restyle(name: &str, host: &HtmlElement) -> HtmlElement;
    fn looks(root: &ShadowRoot, may_move: bool) -> String;
    fn fade(host: &HtmlElement, root: &ShadowRoot) -> String;
    fn touch(host: &HtmlElement, root: &ShadowRoot);
    fn swap_clipboard_labels(root: &ShadowRoot);
}

async fn dressed(id: &str) -> Stage {
    let stage = Stage::with(&checkout(id, Phase::Awaiting)).await;
    dress(&stage.root, STYLE);
    // What is met at a place is known inside the window alone.
    stage.host.scroll_into_view();
    stage
        .waits("the address", || stage.part("address").is_some())
        .await;
    stage
}

/// Long enough for a difference to be seen, doubted and told.
async fn a_while() {
    for _ in 0..40 {
        a_moment().await;
    }
}

fn is_whole(stage: &Stage, name: &str) {
    assert_eq!(stage.events("calypso-error").len(), 0, "{name}");
    let address = stage.part("address").expect(name).text_content();
    assert_eq!(address.as_deref(), Some(ADDRESS), "{name}");
    let uri = ["tron:", ADDRESS, "?amount=27.314"].concat();
    let code = qr_outline(&uri).expect("short enough");
    let drawn = stage.find(".qr path:last-child").expect(name);
    assert_eq!(drawn.get_attribute("d"), Some(code.path), "{name}");
}

#[wasm_bindgen_test]
async fn whatever_a_script_does_to_what_is_drawn_stops_the_payment_visibly() {
    let names = scripts();
    assert!(names.length() >= 36);
    for name in names.iter().filter_map(|name| JsValue::as_string(&name)) {
        let stage = dressed("attacked").await;
        attack(&name, &stage.root);
        stage
            .waits(&name, || !stage.events("calypso-error").is_empty())
            .await;
        let told = stage.events("calypso-error").pop().expect("an error");
        let code = field(&told, "code").as_string();
        assert_eq!(code.as_deref(), Some("screen_was_changed"), "{name}");
        stage.sees("failed").await;
        stage
            .waits(&name, || stage.text().contains("Do not pay here"))
            .await;
        let payable = "[part~=address], [part~=amount], [part~=qr], [part~=open-wallet], [part~=copy-address], [part~=copy-amount]";
        assert_eq!(stage.count(payable), 0, "{name}");
        assert!(
            !stage.text().contains("TEoZ53ap"),
            "{name}: {}",
            stage.text()
        );
    }
}

#[wasm_bindgen_test]
async fn whatever_a_style_of_the_page_does_changes_nothing_that_is_read() {
    for name in styles().iter().filter_map(|name| JsValue::as_string(&name)) {
        let stage = dressed("styled").await;
        let may_move = name.starts_with("another part");
        let before = looks(&stage.root, may_move);
        assert!(!before.contains("\nfalse\n"), "{name}: {before}");
        let style = restyle(&name, &stage.host);
        a_while().await;
        let after = looks(&stage.root, may_move);
        let changes: Vec<_> = before
            .lines()
            .zip(after.lines())
            .filter(|(one, two)| one != two)
            .collect();
        assert!(changes.is_empty(), "{name}: {changes:?}");
        is_whole(&stage, &name);
        style.remove();
    }
}

#[wasm_bindgen_test]
async fn a_theme_without_colour_leaves_address_and_amount_opaque() {
    let stage = dressed("faded").await;
    for color in fade(&stage.host, &stage.root).lines() {
        let alpha = color.rsplit_once('/').map(|(_, alpha)| alpha.trim());
        assert!(
            !color.starts_with("rgba") && !alpha.is_some_and(|alpha| alpha.starts_with('0')),
            "{color}"
        );
    }
}

#[wasm_bindgen_test]
async fn a_page_that_touches_the_element_on_every_render_stops_nothing() {
    let stage = dressed("touched").await;
    for _ in 0..5 {
        touch(&stage.host, &stage.root);
        a_while().await;
    }
    is_whole(&stage, "touched");
    stage
        .host
        .style()
        .set_property("display", "none")
        .expect("a style");
    a_while().await;
    is_whole(&stage, "a closed dialog");
}

#[wasm_bindgen_test]
async fn what_is_copied_comes_from_the_session_whatever_the_button_says() {
    set_clipboard(true);
    let stage = dressed("copied").await;
    swap_clipboard_labels(&stage.root);
    stage.clicks("[part~=copy-address]");
    stage.waits("the copy", || copied().length() == 1).await;
    assert_eq!(copied().get(0).as_string().as_deref(), Some(ADDRESS));
}

#[wasm_bindgen_test]
async fn after_a_stop_money_that_arrived_is_still_told() {
    let stage = dressed("paid-anyway").await;
    attack("the amount is larger", &stage.root);
    stage.sees("failed").await;
    stage.learns(&checkout("paid-anyway", Phase::Paid)).await;
    stage
        .waits("the news", || stage.text().contains("Payment received"))
        .await;
}
