//! The shop's logo: put on the screen once it has come, so that one that is blocked or missing leaves no trace.

use crate::dom::{El, block, el};
use crate::flow::Flow;
use crate::link::{host_of, image_link};
use crate::scene::Scene;
use crate::text::Text;
use reactive_graph::owner::on_cleanup;

/// The place of the logo, empty without one.
pub fn logo(flow: Flow) -> El {
    let place = block("logo-place");
    let shown = place.clone();
    let image = move |scene: &Scene| {
        let (url, name) = (url(scene), name(scene));
        if url.is_empty() {
            return None;
        }
        // Fetched outside the page: what does not load, or is refused by the page's policy, is never put in.
        let image = el("img", "logo")
            .attr("alt", &name)
            .attr("width", "36")
            .attr("height", "36")
            .attr("decoding", "async")
            .attr("referrerpolicy", "no-referrer");
        let (place, come) = (shown.element().clone(), image.element().clone());
        let late = come.clone();
        // A browser that takes an attribute away refuses nothing. Without its address the image is fetched no further.
        on_cleanup(move || drop(late.remove_attribute("src")));
        let image = image.on("load", move |_| {
            place.replace_children_with_node_1(&come);
        });
        // Last of all: it starts the fetch.
        drop(image.attr("src", &url));
        None
    };
    place.slot(flow, url, image)
}

fn url(scene: &Scene) -> String {
    let checkout = scene.session.checkout();
    checkout
        .and_then(|checkout| image_link(checkout.logo_url.as_deref()?))
        .unwrap_or_default()
        .to_owned()
}

/// The shop as far as its name is known: where it wants its buyers back, else what it calls the order.
fn name(scene: &Scene) -> String {
    let Some(checkout) = scene.session.checkout() else {
        return String::new();
    };
    let shop = checkout
        .return_url
        .as_deref()
        .and_then(host_of)
        .unwrap_or(&checkout.description);
    Text::Logo.fill(&[("shop", shop)])
}
