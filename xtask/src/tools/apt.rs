//! Installing system packages where that is possible without asking anybody.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::{shell, tools};

/// Packages that can be installed by us.
pub(crate) struct Apt {
    program: PathBuf,
    packages: &'static [&'static str],
}

/// Installs Debian packages when we are root on a system with apt; otherwise stops with the command for a person.
pub(crate) fn install(missing: &str, packages: &'static [&'static str]) -> Result<()> {
    Apt::ready(missing, packages)?.install()
}

impl Apt {
    /// Whether they can be installed at all.
    ///
    /// # Errors
    /// The command for a person.
    pub(crate) fn ready(missing: &str, packages: &'static [&'static str]) -> Result<Self> {
        let is_root = shell::read(Command::new("id").arg("-u"))?.trim() == "0";
        let apt = Self::of(tools::in_path(&["apt-get"]), is_root, missing, packages)?;
        eprintln!("{missing} is missing: installing {}", packages.join(", "));
        Ok(apt)
    }

    /// The same for a program that was found, and for somebody who is root or not.
    pub(super) fn of(
        program: Option<PathBuf>,
        is_root: bool,
        missing: &str,
        packages: &'static [&'static str],
    ) -> Result<Self> {
        let by_hand = format!(
            "sudo apt-get update && sudo apt-get install --yes {}",
            packages.join(" ")
        );
        let Some(program) = program else {
            bail!(
                "{missing} is missing and there is no apt-get to install it with; install it in your system's way \
                 (on Debian: `{by_hand}`)"
            );
        };
        if !is_root {
            bail!("{missing} is missing; install it with: {by_hand}");
        }
        Ok(Self { program, packages })
    }

    /// Installs them.
    pub(crate) fn install(&self) -> Result<()> {
        let apt = || {
            let mut command = Command::new(&self.program);
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        shell::run(apt().args(["update", "--quiet"]))?;
        shell::run(
            apt()
                .args(["install", "--yes", "--quiet", "--no-install-recommends"])
                .args(self.packages),
        )
    }
}
