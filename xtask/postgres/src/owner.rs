//! As whom a cluster runs: PostgreSQL refuses to run as root.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The user that Debian's package makes.
const PACKAGED: &str = "postgres";

/// Who owns a cluster's files and processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// Whoever runs the tests.
    Ourselves,
    /// The user of the package, because we are root.
    Packaged,
}

impl Owner {
    /// # Errors
    /// When we are root and there is nobody to run it as.
    pub(crate) fn choose() -> Result<Owner> {
        if id(&["-u"])?.as_deref() != Some("0") {
            return Ok(Owner::Ourselves);
        }
        if id(&["-u", PACKAGED])?.is_none() {
            bail!(
                "PostgreSQL does not run as root, and there is no user `{PACKAGED}` to run it as"
            );
        }
        Ok(Owner::Packaged)
    }

    /// A program, run as the owner. Of the surroundings it gets nothing that would change what it does: a developer's `PGHOST`
    /// leads nowhere, and messages are in English.
    pub(crate) fn command(self, program: &Path) -> Command {
        let mut command = match self {
            Owner::Ourselves => Command::new(program),
            Owner::Packaged => {
                let mut command = Command::new("setpriv");
                command
                    .args(["--reuid", PACKAGED, "--regid", PACKAGED, "--clear-groups"])
                    .arg("--")
                    .arg(program);
                command
            }
        };
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("PG") {
                command.env_remove(name);
            }
        }
        // The directory we stand in may be closed to the owner.
        command.env("LC_ALL", "C").current_dir("/");
        command
    }
}

/// What `id` says; nothing for a user that does not exist.
fn id(arguments: &[&str]) -> Result<Option<String>> {
    let output = Command::new("id")
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .context("`id` did not start")?;
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Ok(output.status.success().then_some(said))
}
