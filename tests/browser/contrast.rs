//! Whatever colour a shop takes for its accent, what stands on it and what is written in it can be read.

use crate::stage::{Stage, act, checkout};
use checkout::Phase;
use wasm_bindgen_test::wasm_bindgen_test;

/// The contrast of two computed colours, as WCAG 2 counts it.
const CONTRAST: &str = "
  const root = element.shadowRoot;
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const luminance = (color) => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };
  const style = (selector) => getComputedStyle(root.querySelector(selector));
  const worst = { button: 99, link: 99, ring: 99, at: '' };
  for (const scheme of ['light', 'dark']) {
    element.setAttribute('theme', scheme);
    for (const red of [0, 64, 128, 192, 255]) for (const green of [0, 64, 128, 192, 255]) for (const blue of [0, 64, 128, 192, 255]) {
      element.style.setProperty('--calypso-accent', `rgb(${red}, ${green}, ${blue})`);
      const ground = style('.widget').backgroundColor;
      const seen = {
        button: ratio(style('.primary').backgroundColor, style('.primary').color),
        link: ratio(style('.link').color, ground),
        ring: ratio(style('.copy:focus-visible, .link:focus-visible, .link').color, ground),
      };
      for (const [what, value] of Object.entries(seen)) if (value < worst[what]) [worst[what], worst.at] = [value, `${scheme} ${red} ${green} ${blue}`];
    }
  }
  return `${Math.min(worst.button, worst.link) >= 4.5 && worst.ring >= 3} ${JSON.stringify(worst)}`;
";

#[wasm_bindgen_test]
async fn every_accent_can_be_read_and_is_read_from() {
    let mut answer = checkout("accent", Phase::Completed);
    answer.return_url = Some("https://shop.test/".into());
    answer.support_url = Some("https://shop.test/help".into());
    let stage = Stage::styled(&answer, "width: 400px").await;
    let seen = act(CONTRAST, &stage.host).as_string().unwrap_or_default();
    assert!(seen.starts_with("true"), "{seen}");
}
