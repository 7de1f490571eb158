//! The steps of `cargo xtask test` in their order.

use anyhow::{Context, Result};
use serde_json::json;

use super::counting::{Count, Tally};
use super::node_steps;
use crate::optimise::Optimise;
use crate::widget_build::build_and_start;
use crate::workspace::Workspace;
use crate::{bench, loader_source, shell, size, supply, tidy, tools, verify_page};

/// One step.
pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) run: fn(&Workspace) -> Result<Count>,
}

const WASM: &str = "wasm32-unknown-unknown";

/// Cheapest failure first.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "fmt",
        about: "the code is formatted",
        run: format,
    },
    Step {
        name: "tidy",
        about: "the rules no compiler knows hold",
        run: tidy,
    },
    Step {
        name: "tools",
        about: "every program the later steps need is there, or installed now",
        run: install,
    },
    Step {
        name: "supply",
        about: "no package has an advisory, a foreign source or another licence than allowed",
        run: supply,
    },
    Step {
        name: "loader",
        about: "the loader is a script and a module, and its types fit, inside and for the page",
        run: loader,
    },
    Step {
        name: "clippy",
        about: "no lint speaks up in native code",
        run: clippy,
    },
    Step {
        name: "clippy-wasm",
        about: "no lint speaks up in the widget's wasm code",
        run: clippy_wasm,
    },
    Step {
        name: "native",
        about: "tests and documentation examples of every crate",
        run: native,
    },
    Step {
        name: "native-postgres",
        about: "the proxy's tests again, with PostgreSQL under every proxy",
        run: native_on_postgres,
    },
    Step {
        name: "operating",
        about: "Grafana's dashboard is one, and every query of it and of the alerts asks for what the proxy has",
        run: node_steps::operating,
    },
    Step {
        name: "independent",
        about: "a second client, written from the documentation alone, agrees with the sandbox",
        run: node_steps::independent,
    },
    Step {
        name: "bench",
        about: "the benchmarks run, with a handful of clients",
        run: bench,
    },
    Step {
        name: "doc",
        about: "the documentation builds without warnings",
        run: doc,
    },
    Step {
        name: "build",
        about: "the widget as it is shipped, started in Chromium",
        run: build,
    },
    Step {
        name: "size",
        about: "the widget stays under its gate",
        run: size,
    },
    Step {
        name: "browser",
        about: "the widget's own tests in Chromium",
        run: browser,
    },
    Step {
        name: "snippets",
        about: "the README and the documents, followed literally",
        run: node_steps::snippets,
    },
    Step {
        name: "openapi",
        about: "the OpenAPI document, validated, and fuzzed against the proxy",
        run: node_steps::openapi,
    },
    Step {
        name: "e2e",
        about: "whole payments: widget, proxy, sandbox, store",
        run: node_steps::end_to_end,
    },
];

fn one(command: &mut std::process::Command) -> Result<Count> {
    shell::run(command)?;
    Ok(Count::ONE_PASSED)
}

fn format(workspace: &Workspace) -> Result<Count> {
    one(workspace.cargo().args(["fmt", "--all", "--check"]))
}

fn tidy(workspace: &Workspace) -> Result<Count> {
    tidy::check(workspace.root())?;
    Ok(Count::ONE_PASSED)
}

fn supply(workspace: &Workspace) -> Result<Count> {
    supply::check(workspace)?;
    Ok(Count::ONE_PASSED)
}

fn install(workspace: &Workspace) -> Result<Count> {
    tools::wasm_target::ensure(workspace)?;
    tools::rust_src::ensure(workspace)?;
    tools::node::install_packages(workspace)?;
    tools::chromium::find()?;
    tools::postgres::find()?;
    tools::languages::ensure(workspace)?;
    Ok(Count::ONE_PASSED)
}

fn loader(workspace: &Workspace) -> Result<Count> {
    let node = tools::node::find(workspace)?;
    let joined = loader_source::joined(&workspace.path("npm/src/calypso-pay.js"))?;
    std::fs::create_dir_all(workspace.target("xtask")).context("target/xtask cannot be made")?;
    // A page may load it either way, so it is read both ways.
    for name in ["xtask/calypso-pay.js", "xtask/calypso-pay.mjs"] {
        let path = workspace.target(name);
        std::fs::write(&path, &joined).context("the loader cannot be written")?;
        shell::run(workspace.command(&node).arg("--check").arg(&path))?;
    }
    let strictly = |more: &[&str]| {
        let mut tsc = workspace.command(&node);
        tsc.arg(workspace.path("node_modules/typescript/bin/tsc"))
            .args(["--noEmit", "--strict", "--target", "es2022"])
            .args(["--module", "es2022", "--moduleResolution", "bundler"])
            .args(["--lib", "es2022,dom,dom.iterable"])
            .args(more);
        tsc
    };
    shell::run(&mut strictly(&[
        "--allowJs",
        "--checkJs",
        "xtask/loader-assets.d.ts",
        "npm/src/calypso-pay.js",
    ]))?;
    // The types as a page's author meets them: what must compile, and mistakes that must not.
    one(&mut strictly(&[
        "--jsx",
        "preserve",
        "npm/src/calypso-pay.d.ts",
        "tests/types/page.tsx",
        "tests/types/wrong.tsx",
    ]))
}

fn clippy(workspace: &Workspace) -> Result<Count> {
    one(workspace.cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ]))
}

fn clippy_wasm(workspace: &Workspace) -> Result<Count> {
    one(workspace
        .cargo()
        .args([
            "clippy",
            "--package",
            "calypso-widget",
            // Not all targets: the unit tests run natively, and their property tests do not build for wasm32.
            "--lib",
            "--test",
            "browser",
            "--target",
            WASM,
        ])
        .args(["--", "--deny", "warnings"]))
}

fn native(workspace: &Workspace) -> Result<Count> {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]);
    beside_postgres(cargo)
}

fn native_on_postgres(workspace: &Workspace) -> Result<Count> {
    let mut cargo = workspace.cargo();
    cargo
        .args(["test", "--package", "calypso-proxy", "--test", "it"])
        .arg("--no-fail-fast")
        .env("CALYPSO_TEST_DATABASE", "postgres");
    beside_postgres(cargo)
}

/// Runs and counts tests of which some need PostgreSQL.
fn beside_postgres(mut cargo: std::process::Command) -> Result<Count> {
    let postgres = tools::postgres::Server::start()?;
    postgres.tell(&mut cargo);
    let mut tally = Tally::default();
    let succeeded = shell::watch(&mut cargo, |line| tally.see(line))?;
    tally.finish(succeeded)
}

fn bench(workspace: &Workspace) -> Result<Count> {
    // Where there are not as many loopback addresses as it needs, nobody can run it either.
    if cfg!(target_os = "linux") {
        bench::small(workspace)?;
    }
    Ok(Count::ONE_PASSED)
}

fn doc(workspace: &Workspace) -> Result<Count> {
    one(workspace
        .cargo()
        .args([
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
        ])
        .env("RUSTDOCFLAGS", "--deny warnings"))
}

fn build(workspace: &Workspace) -> Result<Count> {
    build_and_start(workspace, Optimise::ForSize)?;
    verify_page::check(workspace)?;
    Ok(Count::ONE_PASSED)
}

fn size(workspace: &Workspace) -> Result<Count> {
    size::check(&workspace.widget())?;
    Ok(Count::ONE_PASSED)
}

/// The tests that `cargo test` cannot run natively: it builds them for wasm32 and hands each to our runner.
fn browser(workspace: &Workspace) -> Result<Count> {
    let chromium = tools::chromium::find()?;
    shell::run(
        workspace
            .cargo()
            .args(["build", "--package", "browser-runner"]),
    )?;
    let capabilities = workspace.target("xtask/webdriver.json");
    let flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
    ];
    let wanted = json!({"goog:chromeOptions": {"binary": chromium.browser, "args": flags}});
    std::fs::create_dir_all(workspace.target("xtask")).context("target/xtask cannot be made")?;
    std::fs::write(&capabilities, wanted.to_string())
        .context("webdriver.json cannot be written")?;
    let mut tally = Tally::default();
    let succeeded = shell::watch(
        workspace
            .cargo()
            // Not `--quiet`: cargo would hand that on to the runner, which does not know it.
            .args([
                "test",
                "--package",
                "calypso-widget",
                // Not `--tests`, which would take the library's own tests along: those run natively.
                "--test",
                "browser",
                "--target",
                WASM,
                "--no-fail-fast",
            ])
            .env(
                "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER",
                workspace.target("debug/browser-runner"),
            )
            .env("CHROMEDRIVER", &chromium.driver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", &capabilities)
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "300"),
        |line| tally.see(line),
    )?;
    tally.finish(succeeded)
}
