//! The widget's top among Leptos' own elements, and a place that it fills in a server's HTML.

use crate::stage::{a_host, a_moment, checkout, serve_checkout};
use calypso_widget::components::widget;
use calypso_widget::flow::Flow;
use calypso_widget::options::{Options, Order};
use checkout::Phase;
use reactive_graph::owner::Owner;
use tachys::html::element::{ElementChild, main as main_element};
use tachys::view::{Mountable, Render, RenderHtml};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Element;

/// A component as an app writes it: it starts what it shows, and returns a view.
fn payment(host: &web_sys::HtmlElement, id: &str) -> impl RenderHtml + 'static {
    let options = Options {
        order: Order {
            named: "checkout".to_owned(),
            value: id.to_owned(),
        },
        proxy: "https://proxy.test".to_owned(),
        judge: None,
    };
    let flow = Flow::start(host.clone(), options);
    widget(flow)
}

async fn shows_the_payment(place: &Element) {
    for _ in 0..400 {
        let found = place.query_selector(".widget [part=address]");
        if found.expect("a selector").is_some() {
            return;
        }
        a_moment().await;
    }
    panic!("shown is {:?}", place.text_content());
}

#[wasm_bindgen_test]
async fn it_is_a_child_like_any_other() {
    let answer = checkout("leptos", Phase::Awaiting);
    serve_checkout(&answer);
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let host = a_host();
    let owner = Owner::new();
    let mut app = owner.with(|| {
        main_element()
            .child(("before", payment(&host, &answer.id), "after"))
            .build()
    });
    app.mount(&host, None);
    shows_the_payment(&host).await;
    let text = host.text_content().unwrap_or_default();
    assert!(
        text.starts_with("before") && text.ends_with("after"),
        "{text}"
    );
    owner.cleanup();
    app.unmount();
    assert_eq!(host.child_element_count(), 0);
    host.remove();
}

#[wasm_bindgen_test]
async fn it_fills_its_place_in_a_servers_html() {
    let answer = checkout("hydrated", Phase::Awaiting);
    serve_checkout(&answer);
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let host = a_host();
    host.set_inner_html("<main><!></main>");
    let place = host.first_element_child().expect("a place");
    let owner = Owner::new();
    let app = owner.with(|| {
        main_element()
            .child(payment(&host, &answer.id))
            .hydrate_from::<true>(&host)
    });
    shows_the_payment(&place).await;
    owner.cleanup();
    drop(app);
    host.remove();
}
