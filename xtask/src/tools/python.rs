//! Python in an environment of its own, with the pinned packages of the checks.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::shell;
use crate::tools::{apt, in_path};
use crate::workspace::Workspace;

/// The packages, each with its version.
const PACKAGES: &str = "tests/python-packages.txt";
/// The oldest Python that they run on.
const OLDEST: (u32, u32) = (3, 9);

/// Makes the environment below target/ and installs exactly the packages of the list, whose own scripts are never run. Does nothing when
/// they are there. Gives back its Python.
pub(crate) fn install_packages(workspace: &Workspace) -> Result<PathBuf> {
    let wanted = std::fs::read(workspace.path(PACKAGES));
    let wanted = wanted.with_context(|| format!("{PACKAGES} cannot be read"))?;
    let directory = workspace.target("tools/python");
    let python = directory.join("bin/python");
    let stamp = directory.join("calypso-packages.txt");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return Ok(python);
    }
    let system = system()?;
    shell::run(
        workspace
            .command(system)
            .args(["-m", "venv", "--clear"])
            .arg(&directory),
    )?;
    shell::run(
        workspace
            .command(&python)
            .args(["-m", "pip", "install", "--quiet", "--no-input"])
            .args(["--disable-pip-version-check", "--no-deps"])
            .args(["--only-binary", ":all:", "--requirement"])
            .arg(workspace.path(PACKAGES)),
    )?;
    std::fs::write(&stamp, wanted).context("target/tools/python cannot be written to")?;
    Ok(python)
}

/// The system's Python, with what makes environments.
fn system() -> Result<PathBuf> {
    let makes_environments = |python: &PathBuf| {
        let asked = Command::new(python)
            .args(["-c", "import venv, ensurepip"])
            .output();
        asked.is_ok_and(|output| output.status.success())
    };
    let found = in_path(&["python3"]);
    let python = match found.filter(makes_environments) {
        Some(python) => python,
        None => {
            apt::install("Python with venv", &["python3", "python3-venv"])?;
            let found = in_path(&["python3"]).filter(makes_environments);
            found.context("python3 in PATH still makes no environments (`python3 -c 'import venv, ensurepip'`)")?
        }
    };
    let (major, minor) = OLDEST;
    let newer = format!("import sys; sys.exit(sys.version_info < ({major}, {minor}))");
    let asked = Command::new(&python).args(["-c", &newer]).status();
    if !asked.is_ok_and(|status| status.success()) {
        bail!(
            "Python {major}.{minor} or newer is needed and {} is older; install it from https://www.python.org",
            python.display()
        );
    }
    Ok(python)
}
