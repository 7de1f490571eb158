//! Enums that are texts on the wire: one table gives both directions, and what is not in it is kept as it came.

/// Gives enums with a variant `Unknown(String)` their wire texts: `as_str`, `From<&str>`, `Display`, reading and writing.
/// The first text of a variant is the one that is written; others are spellings seen in the wild.
macro_rules! texts {
    ($($name:ident { $($variant:ident = $text:literal $(| $alias:literal)*),* $(,)? })*) => {$(
        impl $name {
            /// Every value of the reference.
            pub const KNOWN: &'static [$name] = &[$($name::$variant),*];

            /// The value as the gateway writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text $(| $alias)* => Self::$variant,)*
                    other => Self::Unknown(other.to_owned()),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                <String as serde::Deserialize>::deserialize(from).map(|text| Self::from(text.as_str()))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
    )*};
}

pub(crate) use texts;
