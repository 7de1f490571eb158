//! The front page's example, taken from the page as it stands, in a project that has nothing else.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use calypso_sandbox::{Sandbox, Settings};

const PAGE: &str = include_str!("../src/lib.rs");

/// The block of the page that begins with this fence.
fn block(fence: &str) -> String {
    let page: String = PAGE
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect();
    let (_, rest) = page.split_once(&format!("```{fence}\n")).unwrap();
    rest.split_once("```").unwrap().0.to_owned()
}

/// Writes the example as a project; `gateway` takes the place of the address it names.
fn write_project(directory: &Path, gateway: &str) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dependencies = block("toml");
    let written = "../calypso-pay/crates/calypso";
    assert!(dependencies.contains(written), "{dependencies}");
    let dependencies = dependencies.replace(written, &here.display().to_string());
    let manifest = format!(
        "[package]\nname = \"empty\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n{dependencies}"
    );
    fs::write(directory.join("Cargo.toml"), manifest).unwrap();
    let example = block("no_run");
    let written = "http://127.0.0.1:8090";
    assert!(example.contains(written), "{example}");
    fs::create_dir(directory.join("src")).unwrap();
    fs::write(
        directory.join("src/main.rs"),
        example.replace(written, gateway),
    )
    .unwrap();
    // The versions that are there already, so that nothing is fetched.
    fs::copy(here.join("../../Cargo.lock"), directory.join("Cargo.lock")).unwrap();
    fs::copy(
        here.join("../../rust-toolchain.toml"),
        directory.join("rust-toolchain.toml"),
    )
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_compiles_in_an_empty_project_and_makes_an_invoice() {
    let sandbox = Sandbox::new(Settings::default());
    let (address, server) = sandbox.listen("127.0.0.1:0").await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    write_project(directory.path(), &format!("http://{address}"));
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("empty-project");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["run", "--offline", "--quiet"])
        .current_dir(directory.path())
        .env("CARGO_TARGET_DIR", target);
    let output = tokio::task::spawn_blocking(move || cargo.output().unwrap())
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success() && said.contains(" USDT_TRX to T"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    server.abort();
}
