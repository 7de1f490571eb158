//! The QR code: inline SVG, always dark on white, whatever the theme.

use super::element::{nothing, showing};
use crate::flow::Flow;
use crate::qr::qr_outline;
use crate::text::Text;
use leptos::prelude::*;
use leptos::svg;

/// The QR code of the invoice's payment URI, which asks for what is still due.
pub fn qr_code(flow: Flow) -> AnyView {
    let text = Memo::new(move |_| {
        flow.session.with(|session| {
            session
                .invoice()
                .map(|invoice| invoice.uri.clone())
                .unwrap_or_default()
        })
    });
    showing(move || {
        let outline = text.with(|text| qr_outline(text));
        // A text too long for a code has none; address and amount stand beside it.
        let Some(outline) = outline else {
            return nothing();
        };
        let name = flow.session.with_untracked(|session| {
            let (symbol, network) = session.payment_words();
            let amount = session
                .invoice()
                .map(|invoice| invoice.due.to_string())
                .unwrap_or_default();
            Text::QrLabel.fill(&[
                ("amount", &amount),
                ("symbol", &symbol),
                ("network", &network),
            ])
        });
        svg::svg()
            .attr("class", "qr")
            .attr("part", "qr")
            .attr("viewBox", outline.view_box)
            .attr("role", "img")
            .attr("aria-label", name)
            .attr("shape-rendering", "crispEdges")
            .child((
                svg::rect()
                    .attr("width", "100%")
                    .attr("height", "100%")
                    .attr("fill", "#fff"),
                svg::path().attr("d", outline.path).attr("fill", "#000"),
            ))
            .into_any()
    })
}
