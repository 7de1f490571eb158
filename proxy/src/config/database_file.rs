//! The path of a SQLite file, told from everything else that people write in its place.
//!
//! SQLite makes a file of nearly every name, so what is a URL that lost its beginning would be an empty database, and its password the
//! name of a file; what SQLite takes for a database in memory would be gone with the process.

use std::path::{Path, PathBuf};

use super::path::path_of;

/// What URLs of databases begin with, in whatever case.
const SCHEMES: [&str; 5] = ["sqlite:", "file:", "postgres:", "postgresql:", "jdbc:"];
/// Words of the connection strings that libpq takes beside URLs.
const LIBPQ_WORDS: [&str; 7] = [
    "host=",
    "hostaddr=",
    "port=",
    "dbname=",
    "user=",
    "password=",
    "service=",
];

/// The file that is meant, counted from the configuration file's directory.
///
/// # Errors
/// What was expected. The text is not quoted: it may hold a password.
pub(super) fn parse(text: &str, base: &Path) -> Result<PathBuf, String> {
    let reason = if text.trim().is_empty() {
        "is empty, expected a path or a postgres:// URL"
    } else if text.trim() != text {
        "begins or ends with blanks, which would count as part of the file's name: take them away"
    } else if is_url(text) {
        "is a URL, expected a path or a postgres:// URL"
    } else if text == ":memory:" {
        "is a database in memory, which is gone with the process: expected the path of a file"
    } else if has_user(text) {
        "is a URL without its beginning, expected a path or a postgres:// URL"
    } else if is_of_libpq(text) {
        "is a connection string, expected the same as a URL: postgres://user@host:5432/name"
    } else if text.ends_with('/') {
        "is a directory, expected the path of a file"
    } else {
        return path_of(text, base);
    };
    Err(reason.to_owned())
}

fn is_url(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    text.contains("://") || SCHEMES.iter().any(|scheme| lower.starts_with(scheme))
}

/// Whether a user and a password stand where a path has its first directory: `me:password@host/name`.
fn has_user(text: &str) -> bool {
    let first = text.trim_start_matches('/').split('/').next();
    let user = first.and_then(|first| first.rsplit_once('@'));
    user.is_some_and(|(user, _)| user.contains(':'))
}

fn is_of_libpq(text: &str) -> bool {
    let mut words = text.split_whitespace();
    words.any(|word| LIBPQ_WORDS.iter().any(|known| word.starts_with(known)))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::parse;

    #[test]
    fn what_sqlite_would_take_and_nobody_means_is_refused_without_being_quoted() {
        for (text, expected) in [
            ("", "is empty"),
            (" ", "is empty"),
            ("pay.sqlite3 ", "blanks"),
            (" pay.sqlite3", "blanks"),
            (":memory:", "gone with the process"),
            ("file::memory:", "is a URL"),
            ("file:pay.sqlite3?mode=memory", "is a URL"),
            ("SQLite:pay.sqlite3", "is a URL"),
            ("postgres:/me:hunter2@db/pay", "is a URL"),
            ("postgresql:me:hunter2@db/pay", "is a URL"),
            ("Postgres://me:hunter2@db/pay", "is a URL"),
            ("jdbc:postgresql:pay", "is a URL"),
            ("me:hunter2@db:5432/pay", "without its beginning"),
            ("//me:hunter2@db/pay", "without its beginning"),
            ("host=db user=me password=hunter2", "connection string"),
            ("dbname=pay", "connection string"),
            ("data/", "is a directory"),
            ("~/pay.sqlite3", "only a shell knows"),
            ("~me/pay.sqlite3", "only a shell knows"),
            ("$HOME/pay.sqlite3", "only a shell knows"),
        ] {
            let said = parse(text, Path::new("")).unwrap_err();
            assert!(
                said.contains(expected) && !said.contains("hunter2"),
                "{text:?}: {said}"
            );
        }
    }

    #[test]
    fn a_path_is_a_path() {
        for text in [
            "pay.sqlite3",
            "./pay.sqlite3",
            "../data/pay.sqlite3",
            "data@home/pay.sqlite3",
            "my data/pay=1.sqlite3",
        ] {
            let expected = PathBuf::from("/etc/calypso").join(text);
            assert_eq!(parse(text, Path::new("/etc/calypso")).unwrap(), expected);
        }
    }
}
