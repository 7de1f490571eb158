//! Reading the fields of a payload, and saying what is wrong with them: `payload.<field>=[<reason>]`.

use checkout::{Amount, AmountError, Currency, FIATS, Fiat, Timestamp};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::GatewayError;
use super::problem::Problem;
use crate::date;
use crate::invoice::Links;

const MISSING: &str = "must not be null";

/// The largest amount of any request: beyond it calculations are not exact any more.
const MOST: u128 = 1_000_000_000_000;

/// Reads fields one by one and collects what is wrong with all of them.
///
/// A reading method returns `None` both for a field that is not there and for a wrong one; [`Reader::finish`]
/// refuses if anything was wrong, so what comes after it has no wrong fields.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    /// Refuses with 001 if anything was wrong.
    pub(crate) fn finish(self) -> Result<(), GatewayError> {
        if self.problems.is_empty() {
            Ok(())
        } else {
            Err(GatewayError::BadInput(self.problems))
        }
    }

    /// Notes that a field is wrong.
    pub(crate) fn wrong<T>(&mut self, field: &str, reason: impl Into<String>) -> Option<T> {
        self.problems
            .push(Problem::new(&format!("payload.{field}"), reason));
        None
    }

    /// A field that must be there.
    pub(crate) fn required<'a>(
        &mut self,
        field: &str,
        raw: Option<&'a RawValue>,
    ) -> Option<&'a RawValue> {
        raw.or_else(|| self.wrong(field, MISSING))
    }

    /// A text.
    pub(crate) fn text(&mut self, field: &str, raw: Option<&RawValue>) -> Option<String> {
        serde_json::from_str(raw?.get())
            .map_or_else(|_| self.wrong(field, "must be a string"), Some)
    }

    /// A text with something in it.
    pub(crate) fn filled(&mut self, field: &str, raw: Option<&RawValue>) -> Option<String> {
        let text = self.text(field, raw)?;
        if text.trim().is_empty() {
            self.wrong(field, "must not be blank")
        } else {
            Some(text)
        }
    }

    /// An address to which calls can be sent.
    pub(crate) fn link(&mut self, field: &str, raw: Option<&RawValue>) -> Option<String> {
        let text = self.filled(field, raw)?;
        let usable =
            reqwest::Url::parse(&text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
        if usable {
            Some(text)
        } else {
            self.wrong(field, "must be a URL of http or https")
        }
    }

    /// A text, or a whole number as its text: ids were numbers once (gateway reference §1.6).
    pub(crate) fn text_or_count(&mut self, field: &str, raw: Option<&RawValue>) -> Option<String> {
        let raw = raw?;
        match serde_json::from_str::<u64>(raw.get()) {
            Ok(number) => Some(number.to_string()),
            Err(_) => self.text(field, Some(raw)),
        }
    }

    /// True or false.
    pub(crate) fn flag(&mut self, field: &str, raw: Option<&RawValue>) -> Option<bool> {
        serde_json::from_str(raw?.get())
            .map_or_else(|_| self.wrong(field, "must be true or false"), Some)
    }

    /// A whole number within bounds.
    pub(crate) fn count(
        &mut self,
        field: &str,
        raw: Option<&RawValue>,
        least: u32,
        most: u32,
    ) -> Option<u32> {
        let count = serde_json::from_str(raw?.get())
            .ok()
            .filter(|count| (least..=most).contains(count));
        count.or_else(|| {
            self.wrong(
                field,
                format!("must be a whole number from {least} to {most}"),
            )
        })
    }

    /// A UUID in its usual form of five groups.
    pub(crate) fn uuid(&mut self, field: &str, raw: Option<&RawValue>) -> Option<Uuid> {
        let text = self.text(field, raw)?;
        let uuid = if text.len() == 36 {
            Uuid::try_parse(&text).ok()
        } else {
            None
        };
        uuid.or_else(|| self.wrong(field, "must be a UUID"))
    }

    /// A date in any form of the reference.
    pub(crate) fn date(&mut self, field: &str, raw: Option<&RawValue>) -> Option<Timestamp> {
        let text = self.text(field, raw)?;
        date::parse(&text).or_else(|| {
            self.wrong(
                field,
                "must be a date-time such as 2022-09-05T06:54:41.421Z",
            )
        })
    }

    /// The name of a currency: a text, or an object with a `name` (gateway reference §2.19).
    pub(crate) fn code(&mut self, field: &str, raw: Option<&RawValue>) -> Option<String> {
        #[derive(serde::Deserialize)]
        struct Named {
            name: String,
        }
        let raw = raw?;
        match serde_json::from_str::<Named>(raw.get()) {
            Ok(Named { name }) if raw.get().starts_with('{') => Some(name),
            _ => self.text(field, Some(raw)),
        }
    }

    /// A crypto currency by its name.
    pub(crate) fn currency(
        &mut self,
        field: &str,
        raw: Option<&RawValue>,
    ) -> Option<&'static Currency> {
        let text = self.code(field, raw)?;
        Currency::find(&text)
            .or_else(|| self.wrong(field, format!("Currency {text} is not supported")))
    }

    /// A fiat currency in which invoices can be priced.
    pub(crate) fn fiat(&mut self, field: &str, raw: Option<&RawValue>) -> Option<&'static Fiat> {
        let text = self.code(field, raw)?;
        Fiat::find(&text).or_else(|| {
            let known: Vec<_> = FIATS.iter().map(|fiat| fiat.code).collect();
            self.wrong(
                field,
                format!(
                    "Currency {text} is not supported, must be one of {}",
                    known.join(", ")
                ),
            )
        })
    }

    /// A price in fiat, whose two fields must be there.
    pub(crate) fn fiat_price(
        &mut self,
        amount: Option<&RawValue>,
        currency: Option<&RawValue>,
    ) -> Option<(Amount, &'static Fiat)> {
        let currency = self.required("fiatCurrency", currency);
        let fiat = self.fiat("fiatCurrency", currency);
        let amount = self.required("fiatAmount", amount);
        let amount = self.amount("fiatAmount", amount, fiat.map(|fiat| fiat.decimals));
        amount.zip(fiat)
    }

    /// The addresses that the gateway's pages link to.
    pub(crate) fn links(
        &mut self,
        return_url: Option<&RawValue>,
        support_url: Option<&RawValue>,
        logo_url: Option<&RawValue>,
    ) -> Links {
        Links {
            return_url: self.text("returnUrl", return_url),
            support_url: self.text("supportUrl", support_url),
            logo_url: self.text("logoUrl", logo_url),
        }
    }

    /// An amount above zero with at most `scale` decimals, as a JSON number. Zeros at its end do not count.
    pub(crate) fn amount(
        &mut self,
        field: &str,
        raw: Option<&RawValue>,
        scale: Option<u8>,
    ) -> Option<Amount> {
        let lexeme = raw?.get();
        if !lexeme.starts_with(|first: char| first == '-' || first.is_ascii_digit()) {
            return self.wrong(field, "must be a number");
        }
        if lexeme.starts_with('-') {
            return self.wrong(field, "must be greater than 0");
        }
        let amount = match Amount::from_json_number(lexeme) {
            Ok(amount) => amount,
            Err(AmountError::TooLarge) => {
                return self.wrong(field, format!("must be less than or equal to {MOST}"));
            }
            Err(error) => return self.wrong(field, error.to_string()),
        };
        let most = Amount::from_units(MOST, 0).expect("a trillion is an amount");
        if amount.is_zero() {
            self.wrong(field, "must be greater than 0")
        } else if amount > most {
            self.wrong(field, format!("must be less than or equal to {MOST}"))
        } else if let Some(scale) = scale.filter(|scale| amount.normalized().scale() > *scale) {
            self.wrong(
                field,
                format!("Scale incorrect. Must be less than or equal to {scale}"),
            )
        } else {
            Some(amount)
        }
    }

    /// A list with something in it; its members still have to be read.
    pub(crate) fn list<'a>(
        &mut self,
        field: &str,
        raw: Option<&'a RawValue>,
    ) -> Option<Vec<&'a RawValue>> {
        match serde_json::from_str::<Vec<&RawValue>>(raw?.get()) {
            Err(_) => self.wrong(field, "must be an array"),
            Ok(list) if list.is_empty() => self.wrong(field, "must not be empty"),
            Ok(list) => Some(list),
        }
    }
}
