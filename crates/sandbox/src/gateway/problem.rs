//! What is wrong with a field of a call: `payload.<field>=[<reason>]`.

/// A field and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    path: String,
    reason: String,
}

impl Problem {
    pub(crate) fn new(path: &str, reason: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            reason: reason.into(),
        }
    }

    /// Several problems in one message.
    pub(super) fn list(problems: &[Self]) -> String {
        let each = problems
            .iter()
            .map(|problem| format!("{}=[{}]", problem.path, problem.reason));
        each.collect::<Vec<_>>().join(", ")
    }
}

/// What is wrong with a text that is not the JSON it should be.
pub(super) fn json_reason(error: &serde_json::Error) -> String {
    format!("must be valid JSON: {error}")
}
