//! What the loader calls: puts the widget into a shadow root, and takes it out again.

use crate::components;
use crate::drawn;
use crate::flow::Flow;
use crate::options::Options;
use any_spawner::Executor;
use reactive_graph::owner::Owner;
use std::cell::RefCell;
use tachys::view::{Mountable, Render};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ShadowRoot};

/// A mounted widget. Dropped or freed without [`unmount`](Self::unmount), it stops just the same.
#[wasm_bindgen]
pub struct Mounted {
    flow: Flow,
    owner: Owner,
    is_mounted: bool,
    container: HtmlElement,
}

/// Mounts the widget of the element `host` into its shadow root, for what its attributes ask, see [`Options::read`]. Events are fired on
/// `host`, and its `data-state` follows the payment.
///
/// # Errors
/// When the browser refuses to make an element, which leaves nothing behind.
#[wasm_bindgen]
pub fn mount(host: &HtmlElement, root: &ShadowRoot, options: &JsValue) -> Result<Mounted, JsValue> {
    let options = Options::read(options);
    let document = host.owner_document().ok_or(JsValue::NULL)?;
    let container: HtmlElement = document.create_element("div")?.unchecked_into();
    container.set_class_name("calypso");
    root.append_child(&container)?;
    // An error says that the executor is there already, which a second widget on the page finds.
    let _ = Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let flow = owner.with(|| {
        let flow = Flow::start(host.clone(), options);
        let (place, outer) = (container.clone(), owner.clone());
        let drawn: RefCell<Option<Owner>> = RefCell::default();
        let draw = move || {
            if let Some(before) = drawn.take() {
                before.cleanup();
            }
            let inner = outer.child();
            place.set_text_content(None);
            let mut widget = inner.with(|| components::widget(flow).build());
            widget.mount(&place, None);
            drawn.replace(Some(inner));
        };
        draw();
        drawn::watch(flow, host, root, &container, draw);
        flow
    });
    Ok(Mounted {
        flow,
        owner,
        is_mounted: true,
        container,
    })
}

#[wasm_bindgen]
impl Mounted {
    /// Asks the proxy now, whatever its pace.
    pub fn refresh(&self) {
        if self.is_mounted {
            self.flow.refresh();
        }
    }

    /// Takes the widget out of the page, calls off what is under way and stops every timer. A second call does nothing.
    pub fn unmount(&mut self) {
        // What the effects hold leads back to their owner, so it does not end by being dropped alone.
        self.owner.cleanup();
        self.is_mounted = false;
        self.container.remove();
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        self.unmount();
    }
}
