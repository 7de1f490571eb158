//! `docs/verify.html`: one file that verifies receipts without a network, with the verifier's module in it.

use std::{env, fs};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::script;
use crate::workspace::Workspace;

/// Where the page is committed, and what it is called beside the built widget.
const COMMITTED: &str = "docs/verify.html";
pub(crate) const NAME: &str = "verify.html";

/// The page with this module in it. Its policy names style and script by their hashes, and allows nothing else.
pub(crate) fn make(workspace: &Workspace, verifier: &[u8]) -> Result<String> {
    let read = |name: &str| {
        let path = workspace.path("npm/src/verify").join(name);
        fs::read_to_string(&path).with_context(|| format!("{} is missing", path.display()))
    };
    let style = read("page.css")?;
    let script = script::tighten(&read("page.js")?).context("in the page's script")?;
    let script = filled(&script, "__VERIFIER__", &STANDARD.encode(verifier))?;
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {} 'wasm-unsafe-eval'; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(&script)
    );
    let page = filled(&read("page.html")?, "__POLICY__", &policy)?;
    let page = filled(&page, "__STYLE__", &style)?;
    filled(&page, "__SCRIPT__", &script)
}

/// Holds the committed page against the one of this build; with `UPDATE_DOCS` it is written anew.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let made = fs::read_to_string(workspace.widget().join(NAME))
        .context("verify.html is missing: run `cargo xtask build --release`")?;
    let committed = workspace.path(COMMITTED);
    if env::var_os("UPDATE_DOCS").is_some() {
        return fs::write(&committed, made).context("docs/verify.html could not be written");
    }
    ensure!(
        fs::read_to_string(&committed).is_ok_and(|text| text == made),
        "{COMMITTED} is not what the build makes: run `UPDATE_DOCS=1 cargo xtask test --only build`"
    );
    Ok(())
}

fn filled(text: &str, token: &str, with: &str) -> Result<String> {
    let places = text.matches(token).count();
    ensure!(
        places == 1,
        "expected {token} once, found it {places} times"
    );
    Ok(text.replace(token, with))
}
