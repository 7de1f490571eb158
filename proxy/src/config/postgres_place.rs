//! A PostgreSQL database: its URL, which may hold a password, and how many connections there may be to it.

use std::fmt;
use std::net::IpAddr;

use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::{Host, TargetSessionAttrs};

use super::database_tls::DatabaseTls;

/// How many connections one proxy holds to PostgreSQL at most, where nothing else is said.
pub(super) const CONNECTIONS: usize = 16;
/// What a PostgreSQL database's URL may begin with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// A PostgreSQL database. Neither `Debug` nor `Display` show its user or its password.
#[derive(Clone)]
pub struct PostgresPlace {
    /// Without what it says about TLS.
    url: SecretString,
    tls: DatabaseTls,
    /// How many connections one proxy holds at most.
    pub connections: usize,
    /// Whether proxies wake each other by `NOTIFY` when something changed. Without it they look every half second.
    pub notify: bool,
}

impl PostgresPlace {
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        if !is_url(url) {
            return Err(
                "is no URL that begins with postgres://, such as postgres://user@host:5432/name"
                    .to_owned(),
            );
        }
        let (url, tls) = DatabaseTls::take_from(url)?;
        // What the parser says may quote a part of the URL, so it is not repeated.
        let parsed: tokio_postgres::Config = url.parse().map_err(|_| {
            "is no URL of a PostgreSQL database such as postgres://user@host:5432/name: a port, an option or its value cannot be read; \
             blanks and signs in a password are written as %20 and so on"
                .to_owned()
        })?;
        if parsed.get_hosts().is_empty() {
            return Err(
                "names no host, expected postgres://user@host:5432/name; several hosts are separated by commas"
                    .to_owned(),
            );
        }
        if parsed.get_dbname().is_none_or(str::is_empty) {
            return Err(
                "names no database, expected its name behind the host: postgres://user@host:5432/name"
                    .to_owned(),
            );
        }
        Ok(Self {
            url: SecretString::from(url),
            tls,
            connections: CONNECTIONS,
            notify: true,
        })
    }

    /// How to connect, password included.
    pub(crate) fn parsed(&self) -> Option<tokio_postgres::Config> {
        let mut parsed: tokio_postgres::Config = self.url.expose_secret().parse().ok()?;
        // Of several hosts the one that takes writes: after a fail-over the other one.
        parsed.target_session_attrs(TargetSessionAttrs::ReadWrite);
        parsed.ssl_mode(self.tls.mode());
        Some(parsed)
    }

    /// How connections are protected.
    #[cfg(feature = "tls")]
    pub(crate) fn tls(&self) -> &DatabaseTls {
        &self.tls
    }

    /// Whether a connection may leave this computer without TLS.
    pub(super) fn is_open_on_the_way(&self) -> bool {
        !self.tls.is_certain() && !self.parsed().is_some_and(|parsed| is_here(&parsed))
    }

    pub(super) fn has_password(&self) -> bool {
        self.parsed()
            .is_some_and(|parsed| parsed.get_password().is_some())
    }
}

impl fmt::Display for PostgresPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        let Some(parsed) = self.parsed() else {
            return Ok(());
        };
        let ports = parsed.get_ports();
        for (index, host) in parsed.get_hosts().iter().enumerate() {
            let port = ports.get(index).or(ports.first()).copied().unwrap_or(5432);
            let comma = if index > 0 { "," } else { "" };
            match host {
                Host::Tcp(name) => write!(f, "{comma}{name}:{port}")?,
                #[cfg(unix)]
                Host::Unix(path) => write!(f, "{comma}{}:{port}", path.display())?,
            }
        }
        write!(f, "/{}", parsed.get_dbname().unwrap_or_default())
    }
}

impl fmt::Debug for PostgresPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgresPlace({self})")
    }
}

/// Whether each host is this computer. An address that is given beside a name is the one that is connected to.
fn is_here(parsed: &tokio_postgres::Config) -> bool {
    let addresses = parsed.get_hostaddrs();
    if !addresses.is_empty() {
        return addresses.iter().all(IpAddr::is_loopback);
    }
    parsed.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

/// Whether a text says that it is the URL of a PostgreSQL database.
pub(super) fn is_url(text: &str) -> bool {
    SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::PostgresPlace;

    fn is_open(url: &str) -> bool {
        PostgresPlace::parse(url).unwrap().is_open_on_the_way()
    }

    #[test]
    fn only_a_way_that_leaves_this_computer_without_tls_is_open() {
        for here in [
            "localhost",
            "127.0.0.1:5433",
            "[::1]",
            "%2Frun%2Fpostgresql",
            "localhost,127.0.0.2",
        ] {
            assert!(!is_open(&format!("postgres://me@{here}/pay")), "{here}");
        }
        for there in [
            "db-1",
            "10.0.0.5",
            "localhost,db-2",
            "0.0.0.0",
            "localhost.example",
        ] {
            let url = format!("postgres://me@{there}/pay");
            assert!(is_open(&url), "{there}");
            assert!(is_open(&format!("{url}?sslmode=disable")), "{there}");
            assert!(is_open(&format!("{url}?sslmode=prefer")), "{there}");
            assert!(!is_open(&format!("{url}?sslmode=require")), "{there}");
            assert!(!is_open(&format!("{url}?sslmode=verify-full")), "{there}");
        }
        assert!(is_open("postgres://me@localhost/pay?hostaddr=10.0.0.5"));
    }
}
