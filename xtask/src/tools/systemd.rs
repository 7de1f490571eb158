//! The program that reads systemd's units without starting any.

use anyhow::{Result, ensure};

use super::{apt, in_path};

/// Has it in `PATH`, by Debian's package where it is not there yet.
pub(crate) fn find() -> Result<()> {
    if in_path(&["systemd-analyze"]).is_none() {
        apt::install("systemd-analyze", &["systemd"])?;
    }
    ensure!(
        in_path(&["systemd-analyze"]).is_some(),
        "systemd-analyze is not there after its installation"
    );
    Ok(())
}
