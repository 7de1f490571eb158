//! A free port of loopback.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Context, Result};

/// A port that the system has just given away and taken back. Another program may get it first: whoever uses it has to try again.
pub(crate) fn free() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    let address = listener.local_addr().context("the port has no number")?;
    Ok(address.port())
}
