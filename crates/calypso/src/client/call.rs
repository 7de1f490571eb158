//! What is fixed about a call: where it goes, how, and what its answer may hold.

/// One call of the gateway's API.
#[derive(Clone, Copy)]
pub(super) struct Call {
    pub(super) path: &'static str,
    /// Whether it is a `DELETE`; every other call is a `POST`.
    pub(super) delete: bool,
    /// Whether the envelope names the account: all calls but the rates do (gateway reference §1.2).
    pub(super) account: bool,
    /// Whether a good answer holds a secret, so that no piece of it may get into an error.
    pub(super) secret_answer: bool,
}

/// The payload of a call without data.
pub(super) const NO_PAYLOAD: Option<&()> = None;

impl Call {
    pub(super) const fn post(path: &'static str) -> Self {
        Self {
            path,
            delete: false,
            account: true,
            secret_answer: false,
        }
    }

    pub(super) const fn delete(path: &'static str) -> Self {
        Self {
            delete: true,
            ..Self::post(path)
        }
    }

    pub(super) const fn without_account(self) -> Self {
        Self {
            account: false,
            ..self
        }
    }

    pub(super) const fn with_secret_answer(self) -> Self {
        Self {
            secret_answer: true,
            ..self
        }
    }
}
