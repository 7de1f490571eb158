//! Values of a statement, as driver and database may see them. The driver writes whatever it is given into its log, and some of it is a
//! secret. PostgreSQL refuses texts with U+0000, which a gateway may send; a reading must not be lost for that.

use std::error::Error;
use std::fmt;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type};

/// What stands for U+0000 in a text: the character that Unicode has for something that cannot be shown (SUBSTITUTE).
const SUBSTITUTE: u8 = 0x1A;

/// A text as PostgreSQL holds it once it was written.
pub(super) fn held(text: String) -> String {
    if text.contains('\0') {
        text.replace('\0', "\u{1a}")
    } else {
        text
    }
}

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
        let start = out.len();
        let written = self.0.to_sql_checked(ty, out)?;
        if *ty == Type::TEXT {
            // In UTF-8 no other character has such a byte.
            for byte in out[start..].iter_mut().filter(|byte| **byte == 0) {
                *byte = SUBSTITUTE;
            }
        }
        Ok(written)
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
        self.to_sql(ty, out)
    }
}

#[cfg(test)]
mod tests {
    use super::{BytesMut, ToSql, Type, Unsaid, held};

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

    #[test]
    fn a_text_has_no_zeros_and_other_values_keep_theirs() {
        let mut out = BytesMut::from("\0before ");
        Unsaid(&"a\0b")
            .to_sql_checked(&Type::TEXT, &mut out)
            .unwrap();
        assert_eq!(&out[..], b"\0before a\x1Ab");
        assert_eq!(held("a\0b".to_owned()).as_bytes(), b"a\x1Ab");
        out.clear();
        Unsaid(&1_i64)
            .to_sql_checked(&Type::INT8, &mut out)
            .unwrap();
        assert_eq!(&out[..], [0, 0, 0, 0, 0, 0, 0, 1]);
    }
}
