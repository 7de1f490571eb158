//! From what is compiled to what a browser loads: the widget's glue script and module, and the module of the verifier.

use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::{Bindgen, Output as BindgenOutput};

use crate::optimise::Optimise;
use crate::workspace::Workspace;
use crate::{shell, slim, tools};

/// What wasm-bindgen makes of the widget.
pub(crate) struct Bound {
    /// The JavaScript between page and module.
    pub(crate) glue: String,
    /// The module itself.
    pub(crate) wasm: Vec<u8>,
    /// The module that judges signatures. The loader calls it without any glue.
    pub(crate) verifier: Vec<u8>,
}

/// Compiles widget and verifier and binds them. wasm-bindgen runs as a library, so its version is the one in `Cargo.lock` and
/// always equal to the widget's; nothing has to be installed.
pub(crate) fn bind(workspace: &Workspace, optimise: Optimise) -> Result<Bound> {
    let mut flags = remapped(workspace)?;
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--lib", "--package", "calypso-widget"]);
    cargo.args(["--package", "calypso-verifier"]);
    // In directories of their own. Build scripts of the shipped one see the variable below, and would run again at each change between
    // the two; the quick one is compiled while cargo works on something else, which would wait for a shared directory.
    let (profile, target) = match optimise {
        Optimise::Not => ("quick", workspace.target("quick")),
        Optimise::ForSize => ("wasm", workspace.target("shipped")),
    };
    cargo.args(["--target", TARGET, "--profile", profile]);
    cargo.arg("--target-dir").arg(&target);
    match optimise {
        Optimise::Not => {}
        Optimise::ForSize => {
            let sources = tools::rust_src::ensure(workspace)?;
            flags.push(remap(&sources, "rust"));
            flags.extend(SMALL.iter().map(|&flag| flag.to_owned()));
            cargo
                .env("RUSTC_BOOTSTRAP", "1")
                .args(["-Zbuild-std=std,panic_abort"])
                .args(["-Zbuild-std-features=optimize_for_size"]);
        }
    }
    cargo.arg("--config").arg(format!(
        "target.{TARGET}.rustflags={}",
        serde_json::to_string(&flags)?
    ));
    shell::run(&mut cargo)?;
    let compiled = target.join(TARGET).join(profile);
    let (glue, wasm) = widget(
        &compiled.join("calypso_widget.wasm"),
        &workspace.target("xtask/bound"),
    )?;
    Ok(Bound {
        glue,
        wasm,
        verifier: verifier(&compiled.join("calypso_verifier.wasm"))?,
    })
}

const TARGET: &str = "wasm32-unknown-unknown";

/// How the shipped module is compiled, together with its standard library (decision 0007): a panic is a trap without a text
/// that nobody reads, and neither places in the source nor the texts of `{:?}` travel to buyers.
const SMALL: &[&str] = &[
    "-Zunstable-options",
    "-Cpanic=immediate-abort",
    "-Zlocation-detail=none",
    "-Zfmt-debug=none",
    // SHA-256 is called for one address at a time: rounds in a loop are an eighth of rounds written out.
    "--cfg",
    "sha2_backend_soft=\"compact\"",
    // Only the verifier has the curve. Numbers of 64 bits are fewer instructions.
    "--cfg",
    "curve25519_dalek_bits=\"64\"",
    // What verifies signatures reckons in words of 64 bits, which WebAssembly has: 300 bytes less, and sooner.
    "--cfg",
    "curve25519_dalek_bits=\"64\"",
];

/// Flags that take the builder's directories out of the module: they are nobody's business, differ from machine to
/// machine, and travel to every buyer.
fn remapped(workspace: &Workspace) -> Result<Vec<String>> {
    let mut flags = vec![remap(workspace.root(), "calypso-pay")];
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    // One directory for each registry, named after its address. None is there when all dependencies are vendored.
    let sources = home.map(|home| home.join("registry/src"));
    if let Some(sources) = sources.filter(|sources| sources.is_dir()) {
        for registry in fs::read_dir(&sources)
            .with_context(|| format!("{} cannot be read", sources.display()))?
        {
            flags.push(remap(&registry?.path(), "crates"));
        }
    }
    Ok(flags)
}

fn remap(from: &Path, to: &str) -> String {
    format!("--remap-path-prefix={}={to}", from.display())
}

fn generate(compiled: &Path) -> Result<BindgenOutput> {
    Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .with_context(|| format!("wasm-bindgen refused {}", compiled.display()))
}

fn verifier(compiled: &Path) -> Result<Vec<u8>> {
    let mut output = generate(compiled)?;
    slim::bare(output.wasm_mut()).context("in the verifier")?;
    Ok(output.wasm_mut().emit_wasm())
}

fn widget(compiled: &Path, bound: &Path) -> Result<(String, Vec<u8>)> {
    let mut output = generate(compiled)?;
    // Snippets would be further requests, without integrity and outside the budget.
    ensure!(
        output.snippets().values().all(Vec::is_empty) && output.local_modules().is_empty(),
        "a dependency of the widget brings its own JavaScript snippets; the widget loads one glue script only"
    );
    // Only what is written to disk is indented.
    output
        .emit(bound)
        .context("wasm-bindgen could not write its output")?;
    let path = bound.join("calypso_widget.js");
    let glue =
        fs::read_to_string(&path).with_context(|| format!("{} is missing", path.display()))?;
    let glue = slim::slim(output.wasm_mut(), &glue).context("in the glue")?;
    Ok((glue, output.wasm_mut().emit_wasm()))
}
