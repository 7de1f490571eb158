//! Why a transaction did not come to its end, and whether it may be repeated.

use tokio_postgres::Error;
use tokio_postgres::error::{DbError, SqlState};

use crate::store::error::StoreError;

/// Why a transaction did not come to its end.
#[derive(Debug, Clone)]
pub(super) enum Failure {
    /// It met another one, and the database broke it off. Nothing is stored; repeating it is what the database asks for.
    Met(String),
    /// Another one has put a row with the same key there at the same time. Repeated, it finds that row.
    Taken(String),
    /// Another statement of the transaction has failed before this one, which was sent without waiting for that. Repeated, it shows itself.
    Behind(String),
    /// A table has got another column since the statement was prepared: a newer proxy has brought the schema up to date.
    Stale(String),
    /// The connection was lost, or the database does not take writes any more, before the commit was asked for. Nothing is stored.
    Lost(String),
    /// The connection was lost while the commit was under way. It is stored, or it is not.
    Unsure(String),
    /// Repeating it would change nothing.
    Final(StoreError),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Final(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Some(said) = error.as_db_error() else {
            return if error.is_closed() || is_io(&error) {
                Self::Lost(all_of(&error))
            } else {
                Self::Final(StoreError::Refused(all_of(&error)))
            };
        };
        let text = spoken(said);
        match said.code() {
            &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::LOCK_NOT_AVAILABLE => Self::Met(text),
            // The second is what two are told that make the same table at once.
            &SqlState::UNIQUE_VIOLATION | &SqlState::DUPLICATE_OBJECT => Self::Taken(text),
            &SqlState::IN_FAILED_SQL_TRANSACTION => Self::Behind(text),
            code if is_away(code) => Self::Lost(text),
            _ if has_stale_plan(said) => Self::Stale(text),
            &SqlState::QUERY_CANCELED => Self::Final(StoreError::Unavailable(text)),
            _ => Self::Final(StoreError::Refused(text)),
        }
    }
}

impl Failure {
    /// What a failed `COMMIT` means. Only what the database refuses by a rule is certainly not stored: a connection that is closed, by whomever,
    /// may have been closed behind the commit.
    pub(super) fn of_commit(error: Error) -> Self {
        let is_certain = error.code().is_some_and(|code| {
            let class = code.code();
            *code != SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN
                && (class.starts_with("40") || class.starts_with("23"))
        });
        if is_certain {
            return Self::from(error);
        }
        Self::Unsure(error.as_db_error().map_or_else(|| all_of(&error), spoken))
    }

    /// Whether it says only that something else has failed.
    pub(super) fn is_of_another(&self) -> bool {
        matches!(self, Self::Behind(_))
    }

    /// Whether the connection can serve the next one.
    pub(super) fn leaves_the_connection_well(&self) -> bool {
        match self {
            Self::Met(_) | Self::Taken(_) | Self::Behind(_) | Self::Stale(_) => true,
            Self::Final(error) => !matches!(error, StoreError::Unavailable(_)),
            Self::Lost(_) | Self::Unsure(_) => false,
        }
    }
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Met(text) => Self::Unavailable(format!("too many changes met: {text}")),
            Failure::Taken(text) => Self::Refused(text),
            Failure::Lost(text) | Failure::Behind(text) | Failure::Stale(text) => {
                Self::Unavailable(text)
            }
            Failure::Unsure(text) => Self::Unsure(text),
            Failure::Final(error) => error,
        }
    }
}

/// Whether the server is going, starting, full, or has become a standby.
fn is_away(code: &SqlState) -> bool {
    code.code().starts_with("08")
        || [
            SqlState::ADMIN_SHUTDOWN,
            SqlState::CRASH_SHUTDOWN,
            SqlState::CANNOT_CONNECT_NOW,
            SqlState::TOO_MANY_CONNECTIONS,
            SqlState::READ_ONLY_SQL_TRANSACTION,
            SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        ]
        .contains(code)
}

/// PostgreSQL has no code of its own for it.
fn has_stale_plan(said: &DbError) -> bool {
    *said.code() == SqlState::FEATURE_NOT_SUPPORTED && said.message().contains("cached plan")
}

fn is_io(error: &Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(|source| source.is::<std::io::Error>())
}

/// The database's own words. Its details, which may quote a row, are left out.
fn spoken(said: &DbError) -> String {
    format!("{} ({})", said.message(), said.code().code())
}

/// An error with what is behind it.
fn all_of(error: &Error) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}
