//! Prints what was signed and what was made from it, for libraries of others to judge: `cargo run -p calypso-attest --example mutations -- 50000`.
//!
//! A line each: its way, and what is sent as JSON. The first line is the public key, the next two are what was signed. The tests of this crate refuse
//! the same ones, by their numbers.

#[path = "mutations/mutants.rs"]
mod mutants;

use std::io::{BufWriter, Write as _};

use base64ct::{Base64UrlUnpadded, Encoding as _};
use mutants::{goods, key, mutant};

fn main() -> std::io::Result<()> {
    let count = std::env::args().nth(1).and_then(|count| count.parse().ok());
    let count: u64 = count.unwrap_or(1_000);
    let public = key(1).verifying_key();
    let mut out = BufWriter::new(std::io::stdout().lock());
    writeln!(
        out,
        "{}",
        Base64UrlUnpadded::encode_string(public.as_bytes())
    )?;
    let goods = goods();
    let both = goods.iter().map(|good| ("good", good.jws.clone()));
    let mutants = (0..count).map(|number| mutant(number, &goods));
    for (way, jws) in both.chain(mutants) {
        writeln!(out, "{way}\t{}", serde_json::json!(jws))?;
    }
    out.flush()
}
