//! Installing system packages where that is possible without asking anybody.

use std::process::Command;

use anyhow::{Result, bail};

use crate::{shell, tools};

/// Installs Debian packages when we are root on a system with apt; otherwise stops with the command for a person.
pub(crate) fn install(missing: &str, packages: &[&str]) -> Result<()> {
    let by_hand = format!(
        "sudo apt-get update && sudo apt-get install --yes {}",
        packages.join(" ")
    );
    let Some(apt) = tools::in_path(&["apt-get"]) else {
        bail!(
            "{missing} is missing and there is no apt-get to install it with; install it in your system's way \
             (on Debian: `{by_hand}`)"
        );
    };
    if shell::read(Command::new("id").arg("-u"))?.trim() != "0" {
        bail!("{missing} is missing; install it with: {by_hand}");
    }
    eprintln!("{missing} is missing: installing {}", packages.join(", "));
    let apt = || {
        let mut command = Command::new(&apt);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    shell::run(apt().args(["update", "--quiet"]))?;
    shell::run(
        apt()
            .args(["install", "--yes", "--quiet", "--no-install-recommends"])
            .args(packages),
    )
}
