//! Reads the screen again: what stands there to be paid must be what is known of the checkout, and must be seen.
//!
//! Scripts and styles of the page can change what was drawn. Whoever runs script in the page can in the end do anything; what is found
//! here is every change that leaves this module running. The contents are compared, never the fact that something changed, so that a
//! page that touches the element on every render stops nothing.

use crate::flow::Flow;
use crate::made;
use crate::qr::{QrOutline, qr_outline};
use crate::screen::Screen;
use crate::ui_state::Copies;
use checkout::{Address, digits, joined};
use leptos_dom::helpers::{IntervalHandle, set_interval_with_handle, set_timeout};
use reactive_graph::owner::StoredValue;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    DomRect, Element, HtmlElement, MutationObserver, MutationObserverInit, ShadowRoot, Window,
};

/// How long a difference must stand before it counts: a screen that is just being redrawn is no attack.
const DOUBT: Duration = Duration::from_millis(20);
/// The least side of the QR code, and of a line of text, in pixels.
const LEAST_CODE: f64 = 64.0;
const LEAST_TEXT: f64 = 8.0;
/// No address of any network is longer.
const LONGEST_ADDRESS: usize = 90;
/// What a walker through a tree shows: the texts alone (`NodeFilter.SHOW_TEXT`).
const TEXTS: u32 = 4;
/// What the guarded elements and all around them compute to; the stylesheet says so with more weight than the page has.
const SEEN: [(&str, &str); 5] = [
    ("opacity", "1"),
    ("transform", "none"),
    ("translate", "none"),
    ("filter", "none"),
    ("clip-path", "none"),
];

/// Watches what is drawn in `root` until the current owner ends: on every mutation, and once a second for what mutates nothing. A
/// difference stops the payment, and `redraw` draws everything anew.
pub fn watch(
    flow: Flow,
    host: &HtmlElement,
    root: &ShadowRoot,
    container: &HtmlElement,
    redraw: impl Fn() + 'static,
) {
    let eye = Rc::new(Eye {
        flow,
        host: host.clone(),
        root: root.clone(),
        container: container.clone(),
        code: RefCell::default(),
        is_doubting: Cell::new(false),
        is_closed: Cell::new(false),
        redraw: Box::new(redraw),
    });
    let (mutated, passing) = (Rc::clone(&eye), Rc::clone(&eye));
    // A moment later: what the widget changes itself is changed in several steps of one task.
    let heard = Closure::<dyn Fn()>::new(move || Eye::look_soon(&mutated, Duration::ZERO));
    let second = set_interval_with_handle(move || Eye::look(&passing), Duration::from_secs(1));
    let observer = MutationObserver::new(heard.as_ref().unchecked_ref()).ok();
    if let Some(observer) = &observer {
        let everything = MutationObserverInit::new();
        everything.set_child_list(true);
        everything.set_subtree(true);
        everything.set_character_data(true);
        everything.set_attributes(true);
        let itself = MutationObserverInit::new();
        itself.set_attributes(true);
        // Both options ask for something, so neither is refused.
        let _ = observer.observe_with_options(root, &everything);
        let _ = observer.observe_with_options(host, &itself);
    }
    StoredValue::new_local(Watch {
        eye,
        observer,
        second: second.ok(),
        _heard: heard,
    });
}

/// Ends the watching when it is dropped.
struct Watch {
    eye: Rc<Eye>,
    observer: Option<MutationObserver>,
    second: Option<IntervalHandle>,
    _heard: Closure<dyn Fn()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.eye.is_closed.set(true);
        if let Some(observer) = &self.observer {
            observer.disconnect();
        }
        if let Some(second) = &self.second {
            second.clear();
        }
    }
}

struct Eye {
    flow: Flow,
    host: HtmlElement,
    root: ShadowRoot,
    container: HtmlElement,
    /// The last URI with its code, which takes a while to work out.
    code: RefCell<(String, Option<QrOutline>)>,
    is_doubting: Cell<bool>,
    is_closed: Cell<bool>,
    redraw: Box<dyn Fn()>,
}

impl Eye {
    fn look_soon(eye: &Rc<Self>, wait: Duration) {
        let eye = Rc::clone(eye);
        set_timeout(move || Eye::look(&eye), wait);
    }

    fn look(eye: &Rc<Self>) {
        if eye.is_closed.get() {
            return;
        }
        match (eye.reads(), eye.is_doubting.get()) {
            (Ok(()), _) => eye.is_doubting.set(false),
            (Err(_), false) => {
                eye.is_doubting.set(true);
                Eye::look_soon(eye, DOUBT);
            }
            (Err(what), true) => {
                eye.is_doubting.set(false);
                eye.flow.stop(what);
                // Whatever was put beside the widget goes too.
                eye.root.set_text_content(None);
                let _ = eye.root.append_child(&eye.container);
                (eye.redraw)();
            }
        }
    }

    /// Reads the screen. The error says what is there and what should be.
    fn reads(&self) -> Result<(), String> {
        let ui = self.flow.ui_untracked();
        let screen = ui.screen();
        let known = &ui.known;
        if !screen.takes_money() {
            return Ok(());
        }
        let address = self.one("address")?;
        same("the address", known.address(), &bare(&address))?;
        let mut guarded = vec![(address, LEAST_TEXT)];
        if !ui.moment.is_repricing {
            if screen != Screen::Receiving {
                let amount = self.one("amount")?;
                let expected = joined(&[&*ui.text_of(Copies::Amount), known.paid_in().symbol]);
                same("the amount", &expected, &bare(&amount))?;
                guarded.push((amount, LEAST_TEXT));
            }
            let uri = known.payment_uri();
            if self.code.borrow().0 != uri {
                self.code.replace((uri.to_owned(), qr_outline(uri)));
            }
            if let Some(code) = &self.code.borrow().1 {
                let qr = self.one("qr")?;
                let mut drawn = attribute(&qr, "viewBox");
                for path in all(&qr, "*") {
                    drawn.push_str(&path.local_name());
                    drawn.push_str(&attribute(&path, "d"));
                }
                let expected = [
                    code.view_box.as_str(),
                    "path",
                    &code.ground,
                    "path",
                    &code.path,
                ];
                same("the QR code", &joined(&expected), &drawn)?;
                guarded.push((qr, LEAST_CODE));
            }
            for link in all(&self.root, "[part~=open-wallet]") {
                same("the wallet link", uri, &attribute(&link, "href"))?;
            }
        }
        self.is_all_ours(known.pay_to().map(|to| (to.currency.network, &to.address)))?;
        for (element, least) in &guarded {
            self.is_seen(element, *least)?;
        }
        Ok(())
    }

    /// The one element of this part.
    fn one(&self, part: &str) -> Result<Element, String> {
        let mut found = all(&self.root, &joined(&["[part~=", part, "]"]));
        match (found.pop(), found.len()) {
            (Some(element), 0) => Ok(element),
            (last, rest) => {
                let count = digits((rest + usize::from(last.is_some())) as u64);
                Err(joined(&[part, ": expected one element, came ", &count]))
            }
        }
    }

    /// That nothing stands in the widget that it did not make, and no other address in what it made. Style sheets of extensions may
    /// stand there, and the translations they write.
    fn is_all_ours(&self, pay_to: Option<(checkout::NetworkId, &String)>) -> Result<(), String> {
        for element in all(&self.root, "*") {
            let name = element.local_name();
            let is_known = made::is_ours(&element) || *element == **self.container;
            if !is_known && !matches!(name.as_str(), "style" | "font") {
                return Err(joined(&[
                    "an element of the widget's: came another <",
                    &name,
                    ">",
                ]));
            }
        }
        let Some((network, address)) = pay_to else {
            return Ok(());
        };
        for text in self.texts() {
            let is_part =
                |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
            let words: Vec<&str> = text.split(|letter| !is_part(letter)).collect();
            // Also in groups, as the widget writes addresses itself.
            for first in 0..words.len() {
                let mut group = String::new();
                for word in &words[first..] {
                    group.push_str(word);
                    if group.len() > LONGEST_ADDRESS {
                        break;
                    }
                    if group.len() > 24
                        && Address::parse(network, &group).is_ok_and(|it| it.as_str() != address)
                    {
                        return Err(joined(&[address.as_str(), " alone: came also ", &group]));
                    }
                }
            }
        }
        Ok(())
    }

    /// Every text in the widget, whatever element it stands in.
    fn texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        let walker = self.root.owner_document().and_then(|page| {
            page.create_tree_walker_with_what_to_show(&self.root, TEXTS)
                .ok()
        });
        while let Some(node) = walker.as_ref().and_then(|walker| walker.next_node().ok()?) {
            texts.extend(node.node_value());
        }
        texts
    }

    /// That `element` can be seen, if the whole element can, and that no style adds text to it.
    fn is_seen(&self, element: &Element, least: f64) -> Result<(), String> {
        let Some(window) = web_sys::window() else {
            return Ok(());
        };
        let part = attribute(element, "part");
        let is_shown = self.host.get_client_rects().length() > 0
            && style(&window, &self.host, None, "visibility") == "visible";
        if is_shown {
            let area = element.get_bounding_client_rect();
            if area.width() < least || area.height() < least {
                return Err(joined(&[&part, ": expected to be seen, came too small"]));
            }
            same(
                &part,
                "visible",
                &style(&window, element, None, "visibility"),
            )?;
            let (x, y) = middle(&area);
            // Out of the window there is none; what the page puts over the whole element is the page's own affair.
            if let Some(top) = self.root.element_from_point(x, y)
                && self.root.contains(Some(&top))
                && !element.contains(Some(&top))
            {
                return Err(joined(&[&part, ": expected to be seen, came covered"]));
            }
        }
        let mut around = Some(element.clone());
        let inside = all(element, "*");
        while let Some(element) = around {
            same(&part, "", &attribute(&element, "style"))?;
            if is_shown {
                for (property, expected) in SEEN {
                    let found = style(&window, &element, None, property);
                    same(&joined(&[&part, " ", property]), expected, &found)?;
                }
            }
            no_added_text(&window, &part, &element)?;
            around = element.parent_element();
        }
        for element in inside {
            no_added_text(&window, &part, &element)?;
        }
        Ok(())
    }
}

/// That no style writes a text before or after `element`, or something in its place.
fn no_added_text(window: &Window, part: &str, element: &Element) -> Result<(), String> {
    for pseudo in ["::before", "::after", "::marker"] {
        let content = style(window, element, Some(pseudo), "content");
        if !matches!(content.as_str(), "none" | "normal" | "") {
            return Err(joined(&[
                part,
                pseudo,
                ": expected nothing, came ",
                &content,
            ]));
        }
    }
    Ok(())
}

#[expect(clippy::float_arithmetic, reason = "pixels, not money")]
fn middle(area: &DomRect) -> (f32, f32) {
    let (x, y) = (
        area.x() + area.width() / 2.0,
        area.y() + area.height() / 2.0,
    );
    (x as f32, y as f32)
}

fn style(window: &Window, element: &Element, pseudo: Option<&str>, property: &str) -> String {
    let computed = match pseudo {
        Some(pseudo) => window.get_computed_style_with_pseudo_elt(element, pseudo),
        None => window.get_computed_style(element),
    };
    computed
        .ok()
        .flatten()
        .and_then(|style| style.get_property_value(property).ok())
        .unwrap_or_default()
}

/// The elements that a selector finds inside `root`.
fn all(root: &JsValue, selector: &str) -> Vec<Element> {
    // A shadow root and an element find elements by the same name, and every selector here is a valid one.
    let found = root.unchecked_ref::<Element>().query_selector_all(selector);
    let Ok(found) = found else { return Vec::new() };
    (0..found.length())
        .filter_map(|at| found.item(at))
        .map(JsCast::unchecked_into)
        .collect()
}

/// The text of an element without its white space, which stands between the groups and the words.
fn bare(element: &Element) -> String {
    let text = element.text_content().unwrap_or_default();
    text.split_whitespace().collect()
}

fn attribute(element: &Element, name: &str) -> String {
    element.get_attribute(name).unwrap_or_default()
}

fn same(what: &str, expected: &str, came: &str) -> Result<(), String> {
    if expected == came {
        return Ok(());
    }
    Err(joined(&[what, ": expected ", expected, ", came ", came]))
}
