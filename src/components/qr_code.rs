//! The QR code: inline SVG, always dark on white, whatever the theme.

use crate::dom::{El, block, svg};
use crate::flow::Flow;
use crate::qr::qr_outline;
use crate::scene::Scene;
use crate::text::Text;

/// The QR code of the invoice's payment URI, which asks for what is still due. A URI too long for a code has none;
/// address and amount stand beside it.
pub fn qr_code(flow: Flow) -> El {
    block("code").slot(
        flow,
        |scene| scene.session.payment_uri().to_owned(),
        drawing,
    )
}

fn drawing(scene: &Scene) -> Option<El> {
    let outline = qr_outline(scene.session.payment_uri())?;
    // An address that takes any amount asks for none.
    let due = scene.session.invoice();
    let due = due.map_or_else(String::new, |invoice| {
        [&invoice.due.to_string(), " "].concat()
    });
    let (symbol, network) = scene.session.payment_words();
    let name = Text::QrLabel.fill(&[("amount", &due), ("symbol", symbol), ("network", network)]);
    let ground = svg("path").attr("d", &outline.ground).attr("fill", "#fff");
    let modules = svg("path").attr("d", &outline.path).attr("fill", "#000");
    let drawing = svg("svg")
        .attr("class", "qr")
        .attr("part", "qr")
        .attr("viewBox", &outline.view_box)
        .attr("role", "img")
        .attr("aria-label", &name)
        .attr("shape-rendering", "crispEdges");
    Some(drawing.with(ground).with(modules))
}
