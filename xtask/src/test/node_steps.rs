//! The steps that Node runs, on the programs and the widget that were built: `tests/*/*.test.mjs`.

use anyhow::{Context, Result, ensure};

use super::counting::{Count, Tally};
use crate::workspace::Workspace;
use crate::{shell, tools};

pub(super) fn end_to_end(workspace: &Workspace) -> Result<Count> {
    let postgres = tools::postgres::Server::start()?;
    let mut node = with_demo(workspace)?;
    // Replicas are the programs themselves, which stand beside the demo.
    build_programs(workspace)?;
    postgres.tell(&mut node);
    node_tests(workspace, node, "tests/e2e")
}

/// The proxy and the sandbox, as tests start them.
fn build_programs(workspace: &Workspace) -> Result<()> {
    let packages = ["--package", "calypso-proxy", "--package", "calypso-sandbox"];
    shell::run(workspace.cargo().args(["build", "--bins"]).args(packages))
}

/// Every snippet of the documents, run as it stands there against the built programs and the built widget.
pub(super) fn snippets(workspace: &Workspace) -> Result<Count> {
    // Without it half of the snippets fail, and none of them says so.
    ensure!(
        workspace.widget().join("calypso-pay.js").is_file(),
        "{} has no widget; `cargo xtask build --release` makes it",
        workspace.widget().display()
    );
    let postgres = tools::postgres::Server::start()?;
    build_programs(workspace)?;
    // The shop of docs/MERCHANT.md that is written in Rust.
    let shop = ["--package", "calypso-proxy", "--example", "shop"];
    shell::run(workspace.cargo().arg("build").args(shop))?;
    tools::node::install_packages(workspace)?;
    tools::systemd::find()?;
    let chromium = tools::chromium::find()?;
    let mut node = workspace.command(tools::node::find(workspace)?);
    node.env("CALYPSO_CHROMIUM", chromium.browser)
        .env("CALYPSO_WIDGET", workspace.widget())
        .env("CALYPSO_PROGRAMS", workspace.target("debug"));
    tools::languages::tell(workspace, &mut node)?;
    postgres.tell(&mut node);
    node_tests(workspace, node, "tests/snippets")
}

/// A fuzzer from the shelf reads what the proxy says of itself, and tries it.
pub(super) fn openapi(workspace: &Workspace) -> Result<Count> {
    build_programs(workspace)?;
    let mut node = workspace.command(tools::node::find(workspace)?);
    node.env("CALYPSO_PROGRAMS", workspace.target("debug"))
        .env("CALYPSO_WIDGET", workspace.widget());
    tools::languages::tell(workspace, &mut node)?;
    node_tests(workspace, node, "tests/openapi")
}

/// What an operator loads is held against the grammars of those who read it.
pub(super) fn operating(workspace: &Workspace) -> Result<Count> {
    tools::node::install_packages(workspace)?;
    let mut node = workspace.command(tools::node::find(workspace)?);
    shell::run(node.arg("tests/operating/check.mjs"))?;
    Ok(Count::ONE_PASSED)
}

/// A second client, written from the gateway's documentation alone, judges the sandbox; JOSE libraries judge what the proxy signs.
pub(super) fn independent(workspace: &Workspace) -> Result<Count> {
    shell::run(
        workspace
            .cargo()
            .args(["build", "--package", "calypso-sandbox"]),
    )?;
    // What JOSE libraries of others are to refuse.
    let mutations = ["--package", "calypso-attest", "--example", "mutations"];
    shell::run(workspace.cargo().arg("build").args(mutations))?;
    tools::node::install_packages(workspace)?;
    let mut node = workspace.command(tools::node::find(workspace)?);
    node.env(
        "CALYPSO_SANDBOX_BIN",
        workspace.target("debug/calypso-sandbox"),
    )
    .env(
        "CALYPSO_MUTATIONS_BIN",
        workspace.target("debug/examples/mutations"),
    );
    tools::languages::tell(workspace, &mut node)?;
    node_tests(workspace, node, "tests/independent")
}

/// Runs the `*.test.mjs` of a directory.
fn node_tests(
    workspace: &Workspace,
    mut node: std::process::Command,
    directory: &str,
) -> Result<Count> {
    node.args(["--test", "--test-reporter=spec", "--test-concurrency=2"]);
    let mut files = Vec::new();
    let entries = std::fs::read_dir(workspace.path(directory));
    for entry in entries.with_context(|| format!("{directory} cannot be read"))? {
        let file = entry.context("an entry cannot be read")?.path();
        if file.to_string_lossy().ends_with(".test.mjs") {
            files.push(file);
        }
    }
    files.sort();
    node.args(files);
    let mut tally = Tally::default();
    let succeeded = shell::watch(&mut node, |line| tally.see(line))?;
    tally.finish(succeeded)
}

/// Node with everything told that a script needs to start the real demo and drive a browser.
pub(crate) fn with_demo(workspace: &Workspace) -> Result<std::process::Command> {
    tools::node::install_packages(workspace)?;
    let node = tools::node::find(workspace)?;
    let chromium = tools::chromium::find()?;
    shell::run(workspace.cargo().args([
        "build",
        "--package",
        "calypso-proxy",
        "--example",
        "demo",
    ]))?;
    let mut command = workspace.command(node);
    command
        .env("CALYPSO_CHROMIUM", chromium.browser)
        .env("CALYPSO_DEMO", workspace.target("debug/examples/demo"))
        .env("CALYPSO_WIDGET", workspace.widget());
    Ok(command)
}
