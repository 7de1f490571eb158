//! How the way to PostgreSQL is protected: what `sslmode` and `sslrootcert` in a database's URL say.
//!
//! They are read here and not by the driver, which knows neither `verify-full` nor a private authority, and which takes no word about
//! TLS for «where the server offers it».

use std::path::PathBuf;

use tokio_postgres::config::SslMode;
use url::form_urlencoded;

/// Whether a connection speaks TLS, and who may vouch for the server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct DatabaseTls {
    mode: Mode,
    /// The file with the only authorities that are trusted; those of the system without one.
    pub(crate) authorities: Option<PathBuf>,
}

/// There is no mode that takes any certificate: it would keep off only those who listen and never answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    /// `disable`, or nothing said.
    #[default]
    Off,
    /// `prefer`: where the server offers it. Whoever is on the way can take the offer back.
    Offered,
    /// `require` and `verify-full`, which are the same here.
    Demanded,
}

impl DatabaseTls {
    /// Takes the options about TLS out of a URL. Returns what is left of it.
    ///
    /// # Errors
    /// What was expected, without a word of the URL but the mode.
    pub(super) fn take_from(url: &str) -> Result<(String, Self), String> {
        let mut tls = Self::default();
        // A password before the `@` may have a question mark.
        let from = url.find('@').unwrap_or_default();
        let Some(at) = url[from..].find('?').map(|at| from + at) else {
            return Ok((url.to_owned(), tls));
        };
        let mut others = Vec::new();
        for option in url[at + 1..].split('&') {
            match option.split_once('=') {
                Some(("sslmode", mode)) => tls.mode = Mode::parse(mode)?,
                Some(("sslrootcert", path)) => tls.authorities = authorities(path)?,
                _ => others.push(option),
            }
        }
        if tls.authorities.is_some() && tls.mode == Mode::Off {
            return Err(
                "has `sslrootcert` without `sslmode`, expected `sslmode=verify-full` beside it"
                    .to_owned(),
            );
        }
        if tls.is_wanted() && !cfg!(feature = "tls") {
            return Err(
                "asks for TLS, but this program was built without it (feature `tls`)".to_owned(),
            );
        }
        let mut left = url[..at].to_owned();
        if !others.is_empty() {
            left = format!("{left}?{}", others.join("&"));
        }
        Ok((left, tls))
    }

    /// Whether any connection may speak TLS.
    pub(crate) fn is_wanted(&self) -> bool {
        self.mode != Mode::Off
    }

    /// Whether no connection is made without TLS.
    pub(super) fn is_certain(&self) -> bool {
        self.mode == Mode::Demanded
    }

    /// The same for the driver.
    pub(super) fn mode(&self) -> SslMode {
        match self.mode {
            Mode::Off => SslMode::Disable,
            Mode::Offered => SslMode::Prefer,
            Mode::Demanded => SslMode::Require,
        }
    }
}

impl Mode {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "disable" => Ok(Self::Off),
            "prefer" => Ok(Self::Offered),
            "require" | "verify-full" => Ok(Self::Demanded),
            "allow" | "verify-ca" => Err(format!(
                "asks for `sslmode={text}`, which this program does not have; expected `verify-full`, which also checks the server's name"
            )),
            _ => Err(
                "has an `sslmode` that is none of disable, prefer, require, verify-full".to_owned(),
            ),
        }
    }
}

/// The file that `sslrootcert` names; nothing for `system`.
fn authorities(text: &str) -> Result<Option<PathBuf>, String> {
    // A plus sign is no blank here.
    let option = format!("path={}", text.replace('+', "%2B"));
    let path = form_urlencoded::parse(option.as_bytes())
        .next()
        .map(|(_, path)| PathBuf::from(path.as_ref()))
        .unwrap_or_default();
    if path.as_os_str() == "system" {
        return Ok(None);
    }
    if !path.is_absolute() {
        return Err("has an `sslrootcert` that is no absolute path, expected a file with certificates such as /etc/ssl/database.pem".to_owned());
    }
    Ok(Some(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_options_are_taken_out_and_the_others_are_left() {
        let (left, tls) = DatabaseTls::take_from(
            "postgres://me:a?b@db:1,db2:2/pay?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fetc%2Fa+b.pem",
        )
        .unwrap();
        assert_eq!(left, "postgres://me:a?b@db:1,db2:2/pay?connect_timeout=3");
        assert!(tls.is_certain());
        assert_eq!(tls.authorities, Some(PathBuf::from("/etc/a+b.pem")));
        let (left, tls) =
            DatabaseTls::take_from("postgres://db/pay?sslmode=require&sslrootcert=system").unwrap();
        assert_eq!(left, "postgres://db/pay");
        assert!(tls.is_certain() && tls.authorities.is_none());
    }

    #[test]
    fn nothing_said_is_no_tls_and_prefer_is_not_certain() {
        let mode = |url| DatabaseTls::take_from(url).unwrap().1;
        assert_eq!(mode("postgres://db/pay").mode(), SslMode::Disable);
        assert_eq!(
            mode("postgres://db/pay?sslmode=prefer").mode(),
            SslMode::Prefer
        );
        assert!(!mode("postgres://db/pay?sslmode=prefer").is_certain());
        assert_eq!(
            mode("postgres://db/pay?sslmode=require").mode(),
            SslMode::Require
        );
    }

    #[test]
    fn a_mode_that_would_be_weaker_than_it_sounds_is_refused() {
        for mode in ["allow", "verify-ca", "", "Require", "on"] {
            DatabaseTls::take_from(&format!("postgres://db/pay?sslmode={mode}")).unwrap_err();
        }
        DatabaseTls::take_from("postgres://db/pay?sslmode=require&sslrootcert=ca.pem").unwrap_err();
        DatabaseTls::take_from("postgres://db/pay?sslrootcert=/ca.pem").unwrap_err();
    }
}
