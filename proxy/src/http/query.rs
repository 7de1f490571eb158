//! The query of a request: each parameter once, and none that is not known.

use checkout::RefusalCode;
use url::form_urlencoded;

use crate::input::printable::printable;
use crate::refusal::Refusal;

/// The parameters of one request, taken out one by one; what is left at the end is unknown and refused.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands after the question mark.
    ///
    /// # Errors
    /// `duplicate_key` when a parameter is named twice: different readers could pick different ones.
    pub(super) fn read(text: &str) -> Result<Self, Refusal> {
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()).into_owned() {
            if all.iter().any(|(known, _)| *known == name) {
                return Err(Refusal::new(
                    RefusalCode::DuplicateKey,
                    format!("the parameter `{}` appears twice", printable(&name)),
                ));
            }
            all.push((name, value));
        }
        Ok(Self(all))
    }

    /// Takes a parameter.
    pub(super) fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Refuses what was not taken.
    ///
    /// # Errors
    /// `field_unknown`.
    pub(super) fn finish(self) -> Result<(), Refusal> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => Err(Refusal::new(
                RefusalCode::FieldUnknown,
                format!("`{}` is not a parameter of this call", printable(name)),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use checkout::RefusalCode;

    use super::Query;

    #[test]
    fn parameters_are_decoded_and_taken_once() {
        let mut query = Query::read("externalId=a%2Fb+c%20d&cursor=").unwrap();
        assert_eq!(query.take("externalId").as_deref(), Some("a/b c d"));
        assert_eq!(query.take("externalId"), None);
        assert_eq!(query.take("cursor").as_deref(), Some(""));
        query.finish().unwrap();
        Query::read("").unwrap().finish().unwrap();
        let twice = Query::read("a=1&b=2&%61=3").unwrap_err();
        assert_eq!(twice.code, RefusalCode::DuplicateKey);
        let left = Query::read("stat%1be=paid").unwrap().finish().unwrap_err();
        assert_eq!(left.code, RefusalCode::FieldUnknown);
        assert!(!left.message.contains('\u{1b}'), "{}", left.message);
    }
}
