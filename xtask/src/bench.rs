//! `cargo xtask bench`: what strangers can do to the proxy, as figures. The benchmark is an example of the proxy package, which may use
//! what `xtask` should not have to compile.

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::tools::{node, postgres};
use crate::workspace::Workspace;

/// Options of `cargo xtask bench`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// `clients`, `flood`, `overload`, `push` or `proxy`.
    #[arg(value_name = "WHAT", default_value = "help")]
    what: String,
    /// Options of the benchmark; `cargo xtask bench clients --help` lists them.
    #[arg(
        value_name = "OPTIONS",
        trailing_var_arg = true,
        allow_hyphen_values = true
    )]
    rest: Vec<String>,
}

/// Builds proxy, sandbox and benchmark as they are shipped, and runs it.
///
/// # Errors
/// When something does not build, does not start, or misses a goal.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if cfg!(not(target_os = "linux")) {
        bail!(
            "the benchmark calls from many addresses of 127.0.0.0/8, which only Linux has all of"
        );
    }
    build(workspace, &["--release"])?;
    let mut rest: Vec<&str> = options.rest.iter().map(String::as_str).collect();
    let node = match options.what.as_str() {
        "proxy" => {
            postgres::find()?;
            Some(express(workspace)?)
        }
        _ => None,
    };
    if let Some(node) = &node {
        rest.extend(["--node", node]);
    }
    start(workspace, "release", &options.what, &rest)
}

/// The benchmarks with a handful of clients and the programs that the tests have built; times are not judged.
pub(crate) fn small(workspace: &Workspace) -> Result<()> {
    build(workspace, &[])?;
    let clients = ["--clients", "20", "--leavers", "4", "--seconds", "1"];
    start(
        workspace,
        "debug",
        "clients",
        &[&clients[..], &["--any-time"]].concat(),
    )?;
    let flood = ["--requests", "200", "--payments", "1", "--any-time"];
    start(workspace, "debug", "flood", &flood)?;
    let overload = ["--seconds", "1", "--any-time"];
    start(workspace, "debug", "overload", &overload)?;
    let push = ["--streams", "500", "--checkouts", "25"];
    start(workspace, "debug", "push", &push)
}

/// Installs what the proxy that is compared with needs: the path of Node.
fn express(workspace: &Workspace) -> Result<String> {
    node::install_packages(workspace)?;
    let node = node::find(workspace)?;
    let node = node.to_str().context("the path of Node is no text")?;
    Ok(node.to_owned())
}

fn build(workspace: &Workspace, profile: &[&str]) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args([
        "build",
        "--package",
        "calypso-proxy",
        "--package",
        "calypso-sandbox",
    ]);
    shell::run(cargo.args(["--bins", "--example", "bench"]).args(profile))
}

fn start(workspace: &Workspace, profile: &str, what: &str, rest: &[&str]) -> Result<()> {
    let programs = workspace.target(profile);
    let mut bench = workspace.command(programs.join("examples/bench"));
    bench.arg(what);
    if what != "help" {
        let room = workspace.target("bench");
        std::fs::create_dir_all(&room).context("target/bench cannot be made")?;
        bench
            .arg("--programs")
            .arg(&programs)
            .arg("--room")
            .arg(room.join(what));
    }
    shell::run(bench.args(rest))
}
