//! `cargo xtask demo`: shop, proxy and sandbox on one port, from nothing but cargo.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::optimise::Optimise;
use crate::widget_build::assemble;
use crate::workspace::Workspace;
use crate::{shell, tools};

/// Options of `cargo xtask demo`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The port everything is served on; 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Does not open the browser.
    #[arg(long)]
    no_open: bool,
}

/// Builds the widget and the demo server, then becomes the demo server: one Ctrl-C ends everything.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    check_port(options.port)?;
    let assets = workspace.target("demo/widget");
    std::fs::create_dir_all(workspace.target("demo")).context("target/demo cannot be made")?;
    build(workspace, &assets)?;

    // The sandbox forgets at each start, so the proxy's memory starts empty as well.
    let store = workspace.target(&format!("demo/store-{}", options.port));
    if store.exists() {
        std::fs::remove_dir_all(&store).context("the last demo's store could not be removed")?;
    }
    std::fs::create_dir_all(&store).context("the demo's store could not be made")?;
    let mut demo = workspace.command(workspace.target("debug/examples/demo"));
    demo.arg("--port").arg(options.port.to_string());
    demo.arg("--assets").arg(&assets);
    demo.arg("--shop").arg(workspace.path("index.html"));
    demo.arg("--data").arg(&store);
    if !options.no_open && options.port != 0 {
        open_later(options.port);
    }
    become_process(demo)
}

/// Builds widget and server at the same time: while one waits for its last crate or for the linker, the other has the computer.
fn build(workspace: &Workspace, assets: &Path) -> Result<()> {
    let mut server = workspace.cargo();
    server.args(["build", "--package", "calypso-proxy", "--example", "demo"]);
    // Without TLS: everything is called on this computer, and its cryptography takes a fifth of the time (decision 0032).
    server.arg("--no-default-features");
    std::thread::scope(|scope| {
        let server = scope.spawn(move || shell::run(&mut server));
        let widget = assemble(workspace, Optimise::Not, assets);
        let server = server
            .join()
            .unwrap_or_else(|_| bail!("building the demo panicked"));
        widget.and(server)
    })
}

/// A taken port is told before minutes of building.
fn check_port(port: u16) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bail!(
            "port {port} is in use by another program; choose a free one: `cargo xtask demo --port {}`, \
             or `--port 0` for any",
            port.checked_add(1).unwrap_or(8081)
        ),
        Err(error) => Err(error).with_context(|| format!("port {port} cannot be opened")),
    }
}

#[cfg(unix)]
fn become_process(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt as _;

    let line = shell::describe(&command);
    Err(command.exec()).with_context(|| format!("`{line}` did not start"))
}

#[cfg(not(unix))]
fn become_process(mut command: Command) -> Result<()> {
    shell::run(&mut command)
}

/// Starts ourselves a second time to open the browser, because this process becomes the server.
fn open_later(port: u16) {
    // Somebody without a browser still has the printed address.
    let _ = std::env::current_exe().and_then(|ourselves| {
        Command::new(ourselves)
            .arg("open-when-ready")
            .arg(port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    });
}

/// Waits up to a minute for the demo to listen and shows it; a machine without a browser has the printed address.
pub(crate) fn open_when_ready(port: u16) {
    for _ in 0..300 {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            if let Some(opener) = tools::in_path(&["xdg-open", "open"]) {
                let _ = Command::new(opener)
                    .arg(format!("http://127.0.0.1:{port}/"))
                    .status();
            }
            return;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
}
