//! Node and the pinned npm packages of the checks.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::tools::{apt, in_path};
use crate::workspace::Workspace;

/// The oldest Node that playwright-core and binaryen run on.
const OLDEST: u32 = 20;

/// The Node that is fetched as an npm package where the system's is too old (Debian 12 has 18).
const FETCHED: &str = "22.23.3";

/// A Node that is new enough.
pub(crate) fn find(workspace: &Workspace) -> Result<PathBuf> {
    let fetched = fetched_path(workspace);
    if is_new_enough(&fetched) {
        return Ok(fetched);
    }
    if in_path(&["node", "nodejs"]).is_none() || in_path(&["npm"]).is_none() {
        apt::install("Node or npm", &["nodejs", "npm"])?;
    }
    let system =
        in_path(&["node", "nodejs"]).context("node is not in PATH after its installation")?;
    if is_new_enough(&system) {
        return Ok(system);
    }
    fetch(workspace)?;
    if !is_new_enough(&fetched) {
        bail!(
            "Node {OLDEST} or newer is needed and {} is older; install it from https://nodejs.org",
            system.display()
        );
    }
    Ok(fetched)
}

/// `npm ci`: exactly the packages of `package-lock.json`, no install scripts. Does nothing when they are there.
pub(crate) fn install_packages(workspace: &Workspace) -> Result<()> {
    let node = find(workspace)?;
    let lock = workspace.path("package-lock.json");
    let wanted = std::fs::read(&lock).context("package-lock.json cannot be read")?;
    let stamp = workspace.path("node_modules/.calypso-lock");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    shell::run(&mut npm(
        workspace,
        &node,
        &["ci", "--ignore-scripts", "--no-audit", "--no-fund"],
    )?)?;
    std::fs::write(&stamp, wanted).context("node_modules cannot be written to")
}

/// npm, run by the Node we chose.
fn npm(workspace: &Workspace, node: &Path, arguments: &[&str]) -> Result<Command> {
    let npm = in_path(&["npm"]).context("npm is not in PATH")?;
    let mut command = workspace.command(npm);
    command.args(arguments);
    let directory = node.parent().context("node lies in a directory")?;
    let mut path = vec![directory.to_path_buf()];
    path.extend(
        std::env::var_os("PATH")
            .iter()
            .flat_map(std::env::split_paths),
    );
    command.env(
        "PATH",
        std::env::join_paths(path).context("PATH is not a path list")?,
    );
    Ok(command)
}

fn is_new_enough(node: &Path) -> bool {
    let version = Command::new(node).arg("--version").output();
    let Ok(version) = version else { return false };
    let version = String::from_utf8_lossy(&version.stdout);
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    major.parse::<u32>().is_ok_and(|major| major >= OLDEST)
}

fn package() -> String {
    let cpu = if std::env::consts::ARCH == "aarch64" {
        "arm64"
    } else {
        "x64"
    };
    let system = if cfg!(target_os = "macos") {
        "darwin"
    } else {
        "linux"
    };
    format!("node-{system}-{cpu}")
}

fn fetched_path(workspace: &Workspace) -> PathBuf {
    workspace
        .target("tools/node/node_modules")
        .join(package())
        .join("bin/node")
}

fn fetch(workspace: &Workspace) -> Result<()> {
    let npm = in_path(&["npm"]).context("npm is not in PATH")?;
    eprintln!("the system's Node is too old: fetching Node {FETCHED} into target/tools");
    let directory = workspace.target("tools/node");
    std::fs::create_dir_all(&directory).context("target/tools cannot be made")?;
    shell::run(
        workspace
            .command(npm)
            .args([
                "install",
                "--ignore-scripts",
                "--no-save",
                "--no-audit",
                "--no-fund",
                "--prefix",
            ])
            .arg(&directory)
            .arg(format!("{}@{FETCHED}", package())),
    )
}
