//! The QR code: inline SVG, always dark on white, whatever the theme.

use crate::dom::{El, div, svg};
use crate::flow::Flow;
use crate::paid_in::PaidIn;
use crate::qr::qr_outline;
use crate::ui_state::UiState;
use crate::words::Text;
use checkout::{Amount, joined};

/// The QR code of the invoice's payment URI, which asks for what is still due. A URI too long for a code has none;
/// address and amount stand beside it.
pub fn qr_code(flow: Flow) -> El {
    div("code").show(flow.derive(Code::of), Code::drawn)
}

/// What is shown.
#[derive(PartialEq)]
struct Code {
    uri: String,
    /// None where any amount may be sent.
    due: Option<Amount>,
    paid_in: PaidIn,
}

impl Code {
    fn of(ui: &UiState) -> Self {
        let known = &ui.known;
        Self {
            uri: known.payment_uri().to_owned(),
            due: known.invoice().map(|invoice| invoice.due),
            paid_in: known.paid_in(),
        }
    }

    fn drawn(&self) -> Option<El> {
        let outline = qr_outline(&self.uri)?;
        let due = self
            .due
            .map_or_else(String::new, |due| joined(&[&due.digits(), " "]));
        let name = Text::QrLabel.with(&[
            ("amount", &due),
            ("symbol", self.paid_in.symbol),
            ("network", self.paid_in.network),
        ]);
        let path = |outline: &str, colour| svg("path").attr("d", outline).attr("fill", colour);
        let drawing = svg("svg")
            .attr("class", "qr")
            .attr("part", "qr")
            .attr("viewBox", outline.view_box.as_str())
            .attr("role", "img")
            .attr("aria-label", name)
            .attr("shape-rendering", "crispEdges");
        Some(drawing.child((path(&outline.ground, "#fff"), path(&outline.path, "#000"))))
    }
}
