//! Enums that are words on the wire: one row gives a variant its word, and both directions come from it.

#[doc(hidden)]
pub use serde;

/// A word that is none of an enum's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}, got another word")]
pub struct UnknownWord {
    /// What was expected: `payment, topup or deposit`.
    pub expected: &'static str,
}

/// Makes an enum whose variants are words.
///
/// There are three kinds:
///
/// - `pub enum Tone { Good = "good", … }` is only ever written. It has `ALL`, `as_str` and `Display`.
/// - `pub enum Kind expecting "payment, topup or deposit" { … }` is read too, and any other word is refused with
///   [`UnknownWord`](crate::UnknownWord). It also has `find`, `FromStr` and serde's two traits.
/// - `pub open enum InvoiceStatus { … }` is read from somebody who may come up with new words. Such a word is kept as it came, in the
///   variant `Unknown`. It has `KNOWN`, `as_str`, `From<&str>`, `From<String>`, `Display` and serde's two traits. Where another
///   spelling has been seen in the wild, it follows the word that is written: `Paid = "PAID" | "PAYED"`.
///
/// ```
/// checkout::words! {
///     /// How a coin falls.
///     pub enum Side expecting "heads or tails" {
///         /// The one with a face.
///         Heads = "heads",
///         /// The other one.
///         Tails = "tails",
///     }
/// }
/// assert_eq!(Side::Heads.to_string(), "heads");
/// assert_eq!("tails".parse(), Ok(Side::Tails));
/// assert_eq!("edge".parse::<Side>().unwrap_err().to_string(), "expected heads or tails, got another word");
/// ```
#[macro_export]
macro_rules! words {
    (
        $(#[$about:meta])*
        $vis:vis open enum $name:ident {
            $( $(#[$doc:meta])* $variant:ident = $word:literal $(| $alias:literal)* ),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        $vis enum $name {
            $( $(#[$doc])* #[doc = concat!("\n\nThe word is `", $word, "`.")] $variant, )*
            /// A word this program does not know, as it came.
            Unknown(::std::string::String),
        }

        impl $name {
            /// Every word that is known, in the order of the table.
            pub const KNOWN: &'static [$name] = &[ $( $name::$variant, )* ];

            /// The word on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $word, )*
                    Self::Unknown(word) => word,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            fn from(word: &str) -> Self {
                match word {
                    $( $word $(| $alias)* => Self::$variant, )*
                    other => Self::Unknown(::std::string::String::from(other)),
                }
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            fn from(word: ::std::string::String) -> Self {
                Self::from(word.as_str())
            }
        }

        impl ::core::convert::From<$name> for ::std::string::String {
            fn from(word: $name) -> Self {
                match word {
                    $name::Unknown(word) => word,
                    known => ::std::string::String::from(known.as_str()),
                }
            }
        }

        impl<'de> $crate::words::serde::Deserialize<'de> for $name {
            fn deserialize<D>(from: D) -> ::core::result::Result<Self, D::Error>
            where
                D: $crate::words::serde::Deserializer<'de>,
            {
                let word = <::std::string::String as $crate::words::serde::Deserialize>::deserialize(from)?;
                ::core::result::Result::Ok(Self::from(word))
            }
        }

        $crate::words!(@written $name);
        $crate::words!(@serialized $name);
    };

    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident expecting $expected:literal {
            $( $(#[$doc:meta])* $variant:ident = $word:literal ),* $(,)?
        }
    ) => {
        $crate::words! {
            $(#[$about])*
            $vis enum $name { $( $(#[$doc])* $variant = $word, )* }
        }

        impl $name {
            /// The one with this exact word.
            #[must_use]
            pub fn find(word: &str) -> ::core::option::Option<Self> {
                Self::ALL.into_iter().find(|known| known.as_str() == word)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(word: &str) -> ::core::result::Result<Self, Self::Err> {
                Self::find(word).ok_or($crate::UnknownWord { expected: $expected })
            }
        }

        impl<'de> $crate::words::serde::Deserialize<'de> for $name {
            fn deserialize<D>(from: D) -> ::core::result::Result<Self, D::Error>
            where
                D: $crate::words::serde::Deserializer<'de>,
            {
                struct Word;
                impl $crate::words::serde::de::Visitor<'_> for Word {
                    type Value = $name;

                    fn expecting(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E>(self, word: &str) -> ::core::result::Result<$name, E>
                    where
                        E: $crate::words::serde::de::Error,
                    {
                        word.parse().map_err(E::custom)
                    }
                }
                from.deserialize_str(Word)
            }
        }

        $crate::words!(@serialized $name);
    };

    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident {
            $( $(#[$doc:meta])* $variant:ident = $word:literal ),* $(,)?
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $name {
            $( $(#[$doc])* #[doc = concat!("\n\nThe word is `", $word, "`.")] $variant, )*
        }

        impl $name {
            /// All of them, in the order of the table.
            pub const ALL: [$name; [$( $word, )*].len()] = [ $( $name::$variant, )* ];

            /// The word on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $( Self::$variant => $word, )*
                }
            }
        }

        $crate::words!(@written $name);
    };

    (@written $name:ident) => {
        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };

    (@serialized $name:ident) => {
        impl $crate::words::serde::Serialize for $name {
            fn serialize<S>(&self, to: S) -> ::core::result::Result<S::Ok, S::Error>
            where
                S: $crate::words::serde::Serializer,
            {
                to.serialize_str(self.as_str())
            }
        }
    };
}
