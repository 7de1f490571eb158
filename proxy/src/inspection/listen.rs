//! Looking whether the port is free.

use std::net::{SocketAddr, TcpListener};

use super::InspectionError;

/// Looks whether the proxy could listen there.
///
/// # Errors
/// [`InspectionError::Listen`]; a port that is in use is no mistake, because a running proxy uses it.
pub fn inspect_listen(address: SocketAddr) -> Result<String, InspectionError> {
    match TcpListener::bind(address) {
        Ok(_) => Ok(format!("listen: {address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Ok(format!(
            "listen: {address} is in use now, as it should be while this proxy runs; otherwise choose another in `listen`"
        )),
        Err(reason) => Err(InspectionError::Listen { address, reason }),
    }
}
