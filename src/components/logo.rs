//! The shop's logo: put on the screen once it has come, so that one that is blocked or missing leaves no trace.

use crate::dom::{El, div, el};
use crate::flow::Flow;
use crate::link::{host_of, image_link};
use crate::ui_state::UiState;
use crate::words::Text;
use reactive_graph::owner::on_cleanup;

/// The place of the logo, empty without one.
pub fn logo(flow: Flow) -> El {
    let place = div("logo-place");
    let shown = place.clone();
    let image = move |logo: &Option<Logo>| {
        let logo = logo.as_ref()?;
        // Fetched outside the page: what does not load, or is refused by the page's policy, is never put in.
        let image = el("img", "logo")
            .attr("alt", Text::Logo.with(&[("shop", &logo.shop)]))
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
        drop(image.attr("src", logo.url.as_str()));
        None
    };
    place.show(flow.derive(Logo::of), image)
}

/// What is shown.
#[derive(PartialEq)]
struct Logo {
    url: String,
    shop: String,
}

impl Logo {
    fn of(ui: &UiState) -> Option<Self> {
        let checkout = ui.known.checkout()?;
        let url = image_link(checkout.logo_url.as_deref()?)?;
        // The shop as far as its name is known: where it wants its buyers back, else what it calls the order.
        let shop = checkout.return_url.as_deref().and_then(host_of);
        let shop = shop.unwrap_or(&checkout.description);
        Some(Self {
            url: url.to_owned(),
            shop: shop.to_owned(),
        })
    }
}
