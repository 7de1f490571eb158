//! What a buyer's phone downloads, file by file, and the gate it must stay under.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::optimise::Optimise;
use crate::widget_build::{VERIFIER, build_and_start};
use crate::workspace::Workspace;

/// Bytes of brotli for everything the widget loads. A Leptos page that does nothing is about 31 kB; fetching and
/// JSON, QR code, money with payment URIs, and our own screens add the rest. 85 kB arrive in half a second over slow 3G's
/// successor (1.5 Mbit/s); a bigger widget would be noticed by a buyer before it is by us.
const GATE: usize = 85_000;
/// Bytes of brotli for what is loaded beside it where the page has an `attest-key`: 8 KiB.
const VERIFIER_GATE: usize = 8_192;

/// Options of `cargo xtask size`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Measures the `dist/widget` of the last `build --release` instead of building it anew.
    #[arg(long)]
    check: bool,
}

/// Builds as shipped, prints the table, fails above the gate.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if !options.check {
        build_and_start(workspace, Optimise::ForSize)?;
    }
    check(&workspace.widget())
}

/// Prints the table of a built widget and fails when the sum is above the gate.
pub(crate) fn check(widget: &Path) -> Result<()> {
    let [verifier, rows @ ..] = measure(widget)?;
    println!("{:<8} {:>9} {:>9} {:>9}", "", "raw", "gzip", "brotli");
    for row in &rows {
        println!("{row}");
    }
    let sum = rows
        .iter()
        .fold(Row::named("sum"), |sum, row| sum.plus(row));
    println!("{sum}");
    println!("{:<8} {:>9} {:>9} {GATE:>9}", "gate", "", "");
    ensure!(
        sum.brotli <= GATE,
        "the widget weighs {} bytes in brotli, {} above the gate of {GATE}",
        sum.brotli,
        sum.brotli - GATE
    );
    println!("{verifier}");
    println!("{:<8} {:>9} {:>9} {VERIFIER_GATE:>9}", "gate", "", "");
    ensure!(
        verifier.brotli <= VERIFIER_GATE,
        "the verifier weighs {} bytes in brotli, {} above its gate of {VERIFIER_GATE}",
        verifier.brotli,
        verifier.brotli - VERIFIER_GATE
    );
    Ok(())
}

/// One line of the table, in bytes.
struct Row {
    name: &'static str,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl Row {
    fn named(name: &'static str) -> Row {
        Row {
            name,
            raw: 0,
            gzip: 0,
            brotli: 0,
        }
    }

    fn plus(self, other: &Row) -> Row {
        Row {
            name: self.name,
            raw: self.raw + other.raw,
            gzip: self.gzip + other.gzip,
            brotli: self.brotli + other.brotli,
        }
    }
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:<8} {:>9} {:>9} {:>9}",
            self.name, self.raw, self.gzip, self.brotli
        )
    }
}

/// The verifier; then loader with the glue in it, module and stylesheet, as they lie compressed beside each other.
fn measure(widget: &Path) -> Result<[Row; 4]> {
    let mut rows = ["verifier", "loader", "wasm", "css"].map(Row::named);
    let integrity = widget.join("integrity.json");
    let hashes = fs::read(&integrity).with_context(|| {
        format!(
            "{} is missing: run `cargo xtask build --release`",
            integrity.display()
        )
    })?;
    let hashes: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&hashes).context("integrity.json is not an object")?;
    for path in hashes.keys() {
        let row = match path.as_str() {
            "calypso-pay.js" => &mut rows[1],
            path if path.contains(VERIFIER) => &mut rows[0],
            path if path.ends_with(".wasm") => &mut rows[2],
            path if path.ends_with(".css") => &mut rows[3],
            // A chunk of the manifest that not every buyer loads: it is no part of the first load.
            _ => continue,
        };
        let length = |path: String| -> Result<usize> {
            let bytes =
                fs::read(widget.join(&path)).with_context(|| format!("{path} is missing"))?;
            Ok(bytes.len())
        };
        row.raw += length(path.clone())?;
        row.gzip += length(format!("{path}.gz"))?;
        row.brotli += length(format!("{path}.br"))?;
    }
    ensure!(
        rows.iter().all(|row| row.raw > 0),
        "a part of the widget is missing in {}",
        widget.display()
    );
    Ok(rows)
}
