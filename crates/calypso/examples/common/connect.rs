//! What every example needs: a client from the environment.

use std::env;
use std::error::Error;

use calypso::{Client, Credentials};

/// Connects to `CALYPSO_URL` with `CALYPSO_KEY`, `CALYPSO_SECRET` and `CALYPSO_ACCOUNT`.
///
/// For the sandbox: `calypso-sandbox --port 8081 --key k --secret s --account a`, and
/// `CALYPSO_URL=http://127.0.0.1:8081 CALYPSO_KEY=k CALYPSO_SECRET=s CALYPSO_ACCOUNT=a`.
pub(crate) fn connect() -> Result<Client, Box<dyn Error>> {
    let variable = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let credentials = Credentials::new(variable("CALYPSO_KEY")?, variable("CALYPSO_SECRET")?);
    let client = Client::builder(
        variable("CALYPSO_URL")?.parse()?,
        credentials,
        variable("CALYPSO_ACCOUNT")?,
    );
    Ok(client.build()?)
}
