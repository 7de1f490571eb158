//! A text as the dark modules of a QR code, drawn as one path.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

/// The empty border that a QR code needs on every side, in modules.
pub const QUIET_ZONE: usize = 4;

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
    let code = smallest_code(text, EcLevel::M).or_else(|| smallest_code(text, EcLevel::L))?;
    let width = code.width();
    let modules = code.to_colors();
    let mut path = String::new();
    for (y, row) in modules.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&Color::Dark) {
                push_command(&mut path, 'M', x + QUIET_ZONE);
                push_command(&mut path, ' ', y + QUIET_ZONE);
                push_command(&mut path, 'h', run.len());
                path.push_str("v1h-");
                path.push_str(&run.len().to_string());
                path.push('z');
            }
            x += run.len();
        }
    }
    let side = (width + 2 * QUIET_ZONE).to_string();
    let ground = ["M0 0h", &side, "v", &side, "H0z"].concat();
    let view_box = ["0 0 ", &side, " ", &side].concat();
    Some(QrOutline {
        view_box,
        ground,
        path,
    })
}

/// The smallest code that holds the bytes of `text`. Payment URIs are lower-case and short; the crate's own search for a
/// mixture of denser alphabets rarely gains anything on them and is left out of the module.
fn smallest_code(text: &str, level: EcLevel) -> Option<QrCode> {
    (1..=40).find_map(|version| {
        let mut bits = Bits::new(Version::Normal(version));
        bits.push_byte_data(text.as_bytes()).ok()?;
        bits.push_terminator(level).ok()?;
        QrCode::with_bits(bits, level).ok()
    })
}

fn push_command(path: &mut String, command: char, number: usize) {
    path.push(command);
    path.push_str(&number.to_string());
}

#[cfg(test)]
mod tests {
    use super::{QUIET_ZONE, qr_outline, smallest_code};
    use qrcode::{Color, EcLevel};

    /// Paints the path the way a browser does, module by module.
    fn painted(path: &str, side: usize) -> Vec<bool> {
        let mut dark = vec![false; side * side];
        for run in path.split('z').filter(|run| !run.is_empty()) {
            let (at, length) = run
                .strip_prefix('M')
                .and_then(|run| run.split_once('h'))
                .expect("Mx yhN…");
            let (x, y) = at.split_once(' ').expect("two numbers");
            let (length, back) = length.split_once("v1h-").expect("down and back");
            assert_eq!(length, back, "a rectangle");
            let (x, y, length): (usize, usize, usize) = (
                x.parse().expect("x"),
                y.parse().expect("y"),
                length.parse().expect("length"),
            );
            for column in x..x + length {
                assert!(!dark[y * side + column], "painted twice");
                dark[y * side + column] = true;
            }
        }
        dark
    }

    #[test]
    fn every_module_is_painted_inside_a_quiet_zone() {
        let text = "tron:TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE?amount=27.314";
        let outline = qr_outline(text).expect("short");
        let code = smallest_code(text, EcLevel::M).expect("short");
        let side = code.width() + 2 * QUIET_ZONE;
        assert_eq!(outline.view_box, format!("0 0 {side} {side}"));
        let dark = painted(&outline.path, side);
        for y in 0..side {
            for x in 0..side {
                let inside = |at: usize| (QUIET_ZONE..side - QUIET_ZONE).contains(&at);
                let expected =
                    inside(x) && inside(y) && code[(x - QUIET_ZONE, y - QUIET_ZONE)] == Color::Dark;
                assert_eq!(dark[y * side + x], expected, "module {x},{y}");
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
