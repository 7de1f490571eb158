//! Values of a statement, as the driver may see them: it writes whatever it is given into its log, and some of it is a secret.

use std::error::Error;
use std::fmt;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

/// A value that its `Debug` does not say.
pub(super) struct Unsaid<'a>(pub(super) &'a (dyn ToSql + Sync));

impl fmt::Debug for Unsaid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl ToSql for Unsaid<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql_checked(ty, out)
    }

    fn accepts(_: &Type) -> bool {
        // Whether the value itself fits is asked when it is written.
        true
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.0.to_sql_checked(ty, out)
    }
}

#[cfg(test)]
mod tests {
    use super::{BytesMut, ToSql, Type, Unsaid};

    #[test]
    fn a_value_is_written_and_checked_and_never_said() {
        let secret = "pl4nted-s3cret-value".to_owned();
        let value = Unsaid(&secret);
        assert_eq!(format!("{value:?}"), "…");
        let mut out = BytesMut::new();
        value.to_sql_checked(&Type::TEXT, &mut out).unwrap();
        assert_eq!(&out[..], secret.as_bytes());
        assert!(value.to_sql_checked(&Type::INT8, &mut out).is_err());
    }
}
