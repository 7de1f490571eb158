//! Building the widget: module, stylesheet and the loader with the glue in it, named by their content, compressed, with their hashes.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, iter};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use serde_json::json;
use sha2::{Digest, Sha256, Sha384};

use crate::arrange::arrange;
use crate::optimise::Optimise;
use crate::workspace::Workspace;
use crate::{bindgen, browser_start, loader_source, script, shell, stylesheet, tools, verify_page};

/// The name of the module that judges signatures.
pub(crate) const VERIFIER: &str = "calypso-verifier";

/// What the loader's source says where the names and hashes of its assets belong.
const ASSETS_TOKEN: &str = "__CALYPSO_ASSETS__";

/// Options of `cargo xtask build`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Builds for size, as it is shipped: with a standard library of its own, binaryen and terser, and compressed. Without it the widget is
    /// there soon and is good for a look on this computer only.
    #[arg(long)]
    release: bool,
}

/// Builds into `dist/widget` and starts the result once in Chromium; what did not start there is not built.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let optimise = if options.release {
        Optimise::ForSize
    } else {
        Optimise::Not
    };
    build_and_start(workspace, optimise)
}

/// Builds into `dist/widget`; the new directory takes its place only when Chromium started it.
pub(crate) fn build_and_start(workspace: &Workspace, optimise: Optimise) -> Result<()> {
    tools::node::install_packages(workspace)?;
    let chromium = tools::chromium::find()?;
    let fresh = workspace.path("dist/widget.new");
    assemble(workspace, optimise, &fresh)?;
    browser_start::check(workspace, &chromium.browser, &fresh)?;
    let place = workspace.widget();
    replace(&fresh, &place)?;
    eprintln!("built and started: {}", place.display());
    Ok(())
}

/// Builds the widget into `directory` and replaces what was there.
pub(crate) fn assemble(workspace: &Workspace, optimise: Optimise, directory: &Path) -> Result<()> {
    tools::wasm_target::ensure(workspace)?;
    let bound = bindgen::bind(workspace, optimise)?;
    let small = |wasm: Vec<u8>| match optimise {
        Optimise::Not => Ok(wasm),
        Optimise::ForSize => arrange(&wasm_opt(workspace, &wasm)?),
    };
    let wasm = small(bound.wasm)?;
    let verifier = small(bound.verifier).context("in the verifier")?;
    let glue = script::tighten(&bound.glue).context("in the glue")?;
    let css = stylesheet::read(&workspace.path("style"))?;
    let loader = loader_source::joined(&workspace.path("npm/src/calypso-pay.js"))?;

    let fresh = directory.with_extension("tmp");
    if fresh.exists() {
        fs::remove_dir_all(&fresh).context("an old build could not be removed")?;
    }
    fs::create_dir_all(fresh.join("assets")).context("the output directory could not be made")?;
    let manifest = Manifest {
        wasm: Asset::named_by_content("calypso-pay", wasm, "wasm"),
        css: Asset::named_by_content("calypso-pay", css.into_bytes(), "css"),
        verifier: Asset::named_by_content(VERIFIER, verifier, "wasm"),
        languages: BTreeMap::new(),
        wallet: None,
    };
    if matches!(optimise, Optimise::ForSize) {
        let page = verify_page::make(workspace, &manifest.verifier.content)?;
        fs::write(fresh.join(verify_page::NAME), page)
            .context("verify.html could not be written")?;
    }
    let loader = fill_in(&loader, &glue, &manifest)?;
    let loader = match optimise {
        Optimise::Not => loader,
        Optimise::ForSize => script::minify(workspace, "calypso-pay.js", &loader)?,
    };
    let loader = Asset {
        path: "calypso-pay.js".to_owned(),
        content: loader.into_bytes(),
    };
    let mut integrity = serde_json::Map::new();
    let assets: Vec<&Asset> = iter::once(&loader).chain(manifest.assets()).collect();
    for asset in &assets {
        asset.write(&fresh)?;
        integrity.insert(asset.path.clone(), asset.integrity().into());
    }
    if matches!(optimise, Optimise::ForSize) {
        compress(workspace, &fresh, &assets)?;
    }
    let types = "calypso-pay.d.ts";
    fs::copy(workspace.path("npm/src").join(types), fresh.join(types))
        .context("the types could not be copied")?;
    let integrity = serde_json::to_string_pretty(&integrity).context("hashes are text")?;
    fs::write(fresh.join("integrity.json"), integrity + "\n")
        .context("integrity.json could not be written")?;
    replace(&fresh, directory)
}

/// The loader without its comments, with names, hashes and the glue in the place of its token. The object inherits nothing, so that
/// no polluted prototype can add to it.
fn fill_in(loader: &str, glue: &str, manifest: &Manifest) -> Result<String> {
    let loader = script::tighten(loader).context("in the loader")?;
    let places = loader.matches(ASSETS_TOKEN).count();
    ensure!(
        places == 1,
        "the loader must name {ASSETS_TOKEN} once outside its comments, not {places} times"
    );
    Ok(loader.replace(ASSETS_TOKEN, &manifest.to_script(glue)))
}

/// What the loader may load.
struct Manifest {
    /// The module, for every buyer.
    wasm: Asset,
    /// The stylesheet, for every buyer.
    css: Asset,
    /// The module that judges signatures, where the page asks for them.
    verifier: Asset,
    /// Sentences by their language, each for the buyers who read it.
    languages: BTreeMap<String, Asset>,
    /// What talks to a wallet, for those who ask for one.
    wallet: Option<Asset>,
}

impl Manifest {
    /// Every file of it.
    fn assets(&self) -> impl Iterator<Item = &Asset> {
        [&self.wasm, &self.css, &self.verifier]
            .into_iter()
            .chain(self.languages.values())
            .chain(&self.wallet)
    }

    /// As an object of the loader's script, with the glue between page and module in it. What there is none of is left out.
    fn to_script(&self, glue: &str) -> String {
        let named = |asset: &Asset| json!({"path": asset.path, "integrity": asset.integrity()});
        let (wasm, css) = (named(&self.wasm), named(&self.css));
        let mut script = format!(
            "{{__proto__: null, core: {{__proto__: null, wasm: {wasm}, css: {css}, bind: {glue}}}"
        );
        script.push_str(&format!(", verifier: {}", named(&self.verifier)));
        if !self.languages.is_empty() {
            script.push_str(", languages: {__proto__: null");
            for (tag, asset) in &self.languages {
                script.push_str(&format!(", {}: {}", json!(tag), named(asset)));
            }
            script.push('}');
        }
        if let Some(wallet) = &self.wallet {
            script.push_str(&format!(", wallet: {}", named(wallet)));
        }
        script.push('}');
        script
    }
}

/// One file a browser loads.
struct Asset {
    /// Path below the widget's directory, as in the URL.
    path: String,
    content: Vec<u8>,
}

impl Asset {
    /// A name that changes with the content, so that it can be cached for ever.
    fn named_by_content(name: &str, content: Vec<u8>, extension: &str) -> Asset {
        let hash = hex::encode(&Sha256::digest(&content)[..8]);
        Asset {
            path: format!("assets/{name}-{hash}.{extension}"),
            content,
        }
    }

    /// The value of an `integrity` attribute.
    fn integrity(&self) -> String {
        let hash = Sha384::digest(&self.content);
        format!(
            "sha384-{}",
            base64::engine::general_purpose::STANDARD.encode(hash)
        )
    }

    fn write(&self, directory: &Path) -> Result<()> {
        let path = directory.join(&self.path);
        fs::write(&path, &self.content)
            .with_context(|| format!("{} could not be written", path.display()))
    }
}

/// Puts the compressed forms beside the assets, which the proxy serves to whoever takes them.
fn compress(workspace: &Workspace, directory: &Path, assets: &[&Asset]) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["run", "--quiet", "--package", "compress", "--"]);
    cargo.args(assets.iter().map(|asset| directory.join(&asset.path)));
    shell::run(&mut cargo)
}

/// Puts a finished directory in the place of an older one.
fn replace(fresh: &Path, place: &Path) -> Result<()> {
    if place.exists() {
        fs::remove_dir_all(place)
            .with_context(|| format!("{} could not be removed", place.display()))?;
    }
    fs::rename(fresh, place)
        .with_context(|| format!("{} could not be put in place", place.display()))
}

/// The features that rustc's default for wasm32 uses; the module no longer carries a list of its own.
const WASM_FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// For size, measured in brotli and not in bytes (decision 0007). A function inlined at its only call, a common subexpression
/// with a local of its own, locals and data packed tightly make the module shorter, and what travels longer. Structure found
/// anew (`rereloop`, which needs flat code) is more regular than the compiler's.
const WASM_PASSES: &[&str] = &[
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--converge",
    // The first kilobyte is the end of the stack: no pointer leads there.
    "--low-memory-unused",
    "--one-caller-inline-max-function-size=20",
    "--skip-pass=local-cse",
    "--skip-pass=memory-packing",
    "--skip-pass=merge-locals",
    "--skip-pass=simplify-locals",
];

fn wasm_opt(workspace: &Workspace, wasm: &[u8]) -> Result<Vec<u8>> {
    let node = tools::node::find(workspace)?;
    fs::create_dir_all(workspace.target("xtask")).context("target/xtask could not be made")?;
    let given = workspace.target("xtask/bound.wasm");
    let optimised = workspace.target("xtask/optimised.wasm");
    fs::write(&given, wasm).context("the module could not be written")?;
    shell::run(
        workspace
            .command(node)
            .arg(workspace.path("node_modules/binaryen/bin/wasm-opt"))
            .arg(&given)
            .args(WASM_PASSES)
            .args(WASM_FEATURES)
            .args([
                "--strip-producers",
                "--strip-debug",
                "--strip-target-features",
                "--output",
            ])
            .arg(&optimised),
    )?;
    fs::read(&optimised).context("wasm-opt wrote nothing")
}

#[cfg(test)]
mod tests {
    use super::{Asset, Manifest, fill_in};
    use std::collections::BTreeMap;

    #[test]
    fn the_loader_carries_the_names_and_hashes_of_what_it_loads() {
        let asset =
            |text: &str| Asset::named_by_content("calypso-pay", text.as_bytes().to_vec(), "js");
        let mut manifest = Manifest {
            wasm: asset("abc"),
            css: asset("c"),
            verifier: asset("v"),
            languages: BTreeMap::new(),
            wallet: None,
        };
        let source = "// __CALYPSO_ASSETS__\nvar a = __CALYPSO_ASSETS__;";
        let filled = fill_in(source, "() => {}", &manifest).unwrap();
        // Both values are those of sha256sum and sha384sum for `abc`.
        assert!(
            filled.contains(r#""path":"assets/calypso-pay-ba7816bf8f01cfea.js""#),
            "{filled}"
        );
        let hash = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        assert!(filled.contains(hash), "{filled}");
        assert!(filled.contains("bind: () => {}"), "{filled}");
        assert!(filled.contains(", verifier: {"), "{filled}");
        assert!(
            !filled.contains("languages") && !filled.contains("wallet"),
            "{filled}"
        );
        assert!(fill_in("var a;", "", &manifest).is_err());
        manifest.languages.insert("de".to_owned(), asset("d"));
        manifest.wallet = Some(asset("e"));
        let filled = fill_in(source, "() => {}", &manifest).unwrap();
        for chunk in [r#", languages: {__proto__: null, "de": {"#, ", wallet: {"] {
            assert!(filled.contains(chunk), "{filled}");
        }
    }
}
