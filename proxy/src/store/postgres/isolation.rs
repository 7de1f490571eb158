//! What a transaction can rely on, and how long the database itself lets it take.

/// How long the database itself lets one statement run, and how long it keeps a transaction whose proxy says nothing. Set in each transaction:
/// a pooler between proxy and database may hand the session to somebody else afterwards.
const LIMITS: &str = "SET LOCAL statement_timeout = '8s'; SET LOCAL lock_timeout = '4s'; \
                      SET LOCAL idle_in_transaction_session_timeout = '10s'";
/// No limits, also where the role or the database has some.
const NO_LIMITS: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0";

/// What a transaction can rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Isolation {
    /// One consistent view; it changes nothing.
    View,
    /// As if no other were under way. What was read inside is still so at the commit, or the commit is refused.
    Serializable,
    /// Each statement sees what is committed when it begins. For changes that a unique key or a locked row decides.
    Committed,
    /// The same for a step of the schema, without any limit of time: it waits for whoever makes it just now, and takes as long as there are
    /// rows.
    Step,
}

impl Isolation {
    /// The statement with which one begins.
    pub(super) fn begin(self) -> String {
        let mode = match self {
            Self::View => "REPEATABLE READ READ ONLY",
            Self::Serializable => "SERIALIZABLE READ WRITE",
            Self::Committed | Self::Step => "READ COMMITTED READ WRITE",
        };
        let limits = if self == Self::Step {
            NO_LIMITS
        } else {
            LIMITS
        };
        format!("BEGIN ISOLATION LEVEL {mode}; {limits}")
    }
}
