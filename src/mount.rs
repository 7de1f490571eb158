//! What the loader calls: puts the widget into a shadow root, and takes it out again.

use crate::components::widget;
use crate::drawn;
use crate::flow::Flow;
use crate::line::Order;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::reactive::owner::Owner;
use leptos::tachys::view::Render;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ShadowRoot};

/// A mounted widget. Dropped or freed without [`unmount`](Self::unmount), it stops just the same.
#[wasm_bindgen]
pub struct Mounted {
    flow: Flow,
    owner: Owner,
    view: Option<UnmountHandle<<() as Render>::State>>,
    container: HtmlElement,
}

/// Mounts the widget of the element `host` into its shadow root.
///
/// `checkout` is the id of a checkout; without it `product` is a key of the proxy's price list. `proxy` is the proxy's
/// base URL without `/v1`. Events are fired on `host`, and its `data-state` follows the payment.
///
/// # Errors
/// When the browser refuses to make an element, which leaves nothing behind.
#[wasm_bindgen]
pub fn mount(
    host: HtmlElement,
    root: &ShadowRoot,
    proxy: &str,
    checkout: Option<String>,
    product: Option<String>,
) -> Result<Mounted, JsValue> {
    let order = match (checkout, product) {
        (Some(id), _) if !id.is_empty() => Order::Checkout(id),
        (_, Some(product)) if !product.is_empty() => Order::Product(product),
        _ => Order::Nothing,
    };
    let document = host.owner_document().ok_or(JsValue::NULL)?;
    let container: HtmlElement = document.create_element("div")?.unchecked_into();
    container.set_class_name("calypso");
    root.append_child(&container)?;
    let started: Rc<Cell<Option<(Flow, Owner)>>> = Rc::default();
    let out = Rc::clone(&started);
    let (proxy, root, inside) = (proxy.to_owned(), root.clone(), container.clone());
    let view = mount_to(container.clone(), move || {
        let flow = Flow::start(host.clone(), &proxy, order);
        let owner = Owner::current().unwrap_or_default();
        out.set(Some((flow, owner.clone())));
        let (place, around) = (inside.clone(), root.clone());
        let drawn: RefCell<Option<Owner>> = RefCell::default();
        let draw = move || {
            if let Some(before) = drawn.take() {
                before.cleanup();
            }
            let inner = owner.child();
            place.set_text_content(None);
            // Nothing is left for Leptos to draw: the element is already in its place.
            let widget = inner.with(|| widget::widget(flow, &around));
            let _ = place.append_child(widget.element());
            drawn.replace(Some(inner));
        };
        draw();
        drawn::watch(flow, &host, &root, &inside, draw);
    });
    let (flow, owner) = started.take().ok_or(JsValue::NULL)?;
    Ok(Mounted {
        flow,
        owner,
        view: Some(view),
        container,
    })
}

#[wasm_bindgen]
impl Mounted {
    /// Asks the proxy now, whatever its pace.
    pub fn refresh(&self) {
        if self.view.is_some() {
            self.flow.refresh();
        }
    }

    /// Takes the widget out of the page, calls off what is under way and stops every timer. A second call does nothing.
    pub fn unmount(&mut self) {
        // What the effects hold leads back to their owner, so it does not end by being dropped alone.
        self.owner.cleanup();
        self.view = None;
        self.container.remove();
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.unmount();
    }
}
