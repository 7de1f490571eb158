//! A text as the dark modules of a QR code, drawn as one path.

use checkout::{digits, joined};
use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// The empty border that a QR code needs on every side, in modules.
pub const QUIET_ZONE: i32 = 4;

/// A QR code as an outline for an SVG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QrOutline {
    /// The drawing's `viewBox`; one module is one unit, and the quiet zone is inside.
    pub view_box: String,
    /// The path of the white ground, quiet zone included.
    pub ground: String,
    /// The path of the dark modules: one rectangle for each run of them.
    pub path: String,
}

/// The QR code of `text` with medium error correction, or with low where it is too long for that; `None` if it is too
/// long for any QR code (about 2 900 bytes).
#[must_use]
pub fn qr_outline(text: &str) -> Option<QrOutline> {
    let code =
        smallest_code(text, QrCodeEcc::Medium).or_else(|| smallest_code(text, QrCodeEcc::Low))?;
    let width = code.size();
    let mut path = String::new();
    for y in 0..width {
        let mut x = 0;
        while x < width {
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                let run = written(x - start);
                push_command(&mut path, 'M', start + QUIET_ZONE);
                push_command(&mut path, ' ', y + QUIET_ZONE);
                path.push('h');
                path.push_str(&run);
                path.push_str("v1h-");
                path.push_str(&run);
                path.push('z');
            }
            x += 1;
        }
    }
    let side = written(width + 2 * QUIET_ZONE);
    let ground = joined(&["M0 0h", &side, "v", &side, "H0z"]);
    let view_box = joined(&["0 0 ", &side, " ", &side]);
    Some(QrOutline {
        view_box,
        ground,
        path,
    })
}

/// The smallest code that holds the bytes of `text`. Payment URIs are lower-case and short; a mixture of denser alphabets
/// rarely gains anything on them.
fn smallest_code(text: &str, level: QrCodeEcc) -> Option<QrCode> {
    let bytes = [QrSegment::make_bytes(text.as_bytes())];
    QrCode::encode_segments_advanced(&bytes, level, Version::MIN, Version::MAX, None, false).ok()
}

fn push_command(path: &mut String, command: char, number: i32) {
    path.push(command);
    path.push_str(&written(number));
}

/// A count of modules, which is never negative.
fn written(number: i32) -> String {
    digits(u64::from(number.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::{QUIET_ZONE, qr_outline, smallest_code};
    use qrcodegen::QrCodeEcc;

    /// Paints the path the way a browser does, module by module.
    fn painted(path: &str, side: i32) -> Vec<bool> {
        let mut dark = vec![false; usize::try_from(side * side).expect("a size")];
        for run in path.split('z').filter(|run| !run.is_empty()) {
            let (at, length) = run
                .strip_prefix('M')
                .and_then(|run| run.split_once('h'))
                .expect("Mx yhN…");
            let (x, y) = at.split_once(' ').expect("two numbers");
            let (length, back) = length.split_once("v1h-").expect("down and back");
            assert_eq!(length, back, "a rectangle");
            let (x, y, length): (i32, i32, i32) = (
                x.parse().expect("x"),
                y.parse().expect("y"),
                length.parse().expect("length"),
            );
            for column in x..x + length {
                let at = usize::try_from(y * side + column).expect("inside");
                assert!(!dark[at], "painted twice");
                dark[at] = true;
            }
        }
        dark
    }

    #[test]
    fn every_module_is_painted_inside_a_quiet_zone() {
        let text = "tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=27.314";
        let outline = qr_outline(text).expect("short");
        let code = smallest_code(text, QrCodeEcc::Medium).expect("short");
        let side = code.size() + 2 * QUIET_ZONE;
        assert_eq!(outline.view_box, format!("0 0 {side} {side}"));
        let dark = painted(&outline.path, side);
        for y in 0..side {
            for x in 0..side {
                let inside = |at: i32| (QUIET_ZONE..side - QUIET_ZONE).contains(&at);
                let expected =
                    inside(x) && inside(y) && code.get_module(x - QUIET_ZONE, y - QUIET_ZONE);
                let at = usize::try_from(y * side + x).expect("inside");
                assert_eq!(dark[at], expected, "module {x},{y}");
            }
        }
    }

    #[test]
    fn another_amount_is_another_code() {
        assert_ne!(
            qr_outline("tron:T?amount=27.314"),
            qr_outline("tron:T?amount=27.315")
        );
    }

    #[test]
    fn a_text_for_no_code_is_refused() {
        assert_eq!(qr_outline(&"x".repeat(5_000)), None);
        assert!(
            qr_outline(&"x".repeat(2_500)).is_some(),
            "too long for medium correction only"
        );
    }
}
