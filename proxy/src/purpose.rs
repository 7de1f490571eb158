//! What a checkout is for, with what only a checkout of that kind has.

use checkout::{ErrorCode, Kind};

use crate::customer::CustomerId;
use crate::json::{Fields, shown};
use crate::price::Price;
use crate::refusal::Refusal;

/// The kind of a checkout. A price and a customer exclude each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// One price, paid once.
    Payment(Price),
    /// Any amount, any number of times, to addresses of this checkout.
    Topup,
    /// Any amount, any number of times, to the permanent addresses of a customer.
    Deposit(CustomerId),
}

impl Purpose {
    /// Takes `kind` and the fields that go with it from the merchant's request.
    ///
    /// # Errors
    /// `kind_unknown`; `price_not_accepted` for a top-up or a deposit with a price; `customer_missing`, `customer_malformed`;
    /// `customer_not_accepted` for any other kind with a customer; for a payment those of [`Price::parse`].
    pub(crate) fn take(fields: &mut Fields) -> Result<Self, Refusal> {
        let kind = match fields.text("kind")? {
            None => Kind::Payment,
            Some(word) => word.parse().map_err(|_| {
                Refusal::new(
                    ErrorCode::KindUnknown,
                    format!(
                        "`{}` is not a kind of checkout: expected payment, topup or deposit",
                        shown(&word)
                    ),
                )
            })?,
        };
        if kind != Kind::Deposit && fields.take_given("customer") {
            return Err(Refusal::new(
                ErrorCode::CustomerNotAccepted,
                format!("`customer` is only for a checkout of kind deposit, this is a {kind}"),
            ));
        }
        if !kind.is_payment() && (fields.take_given("price") || fields.take_given("amount")) {
            return Err(Refusal::new(
                ErrorCode::PriceNotAccepted,
                format!("a {kind} has no price: it takes any amount, any number of times"),
            ));
        }
        Ok(match kind {
            Kind::Payment => {
                let mut price = fields.required_object("price", "price.")?;
                let amount = price.required_text("amount")?;
                let currency = price.required_text("currency")?;
                price.finish()?;
                Self::Payment(Price::parse(&amount, &currency)?)
            }
            Kind::Topup => Self::Topup,
            Kind::Deposit => Self::Deposit(CustomerId::take(fields)?),
        })
    }

    /// Which kind it is.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Payment(_) => Kind::Payment,
            Self::Topup => Kind::Topup,
            Self::Deposit(_) => Kind::Deposit,
        }
    }

    /// What is to be paid; only a payment has it.
    pub(crate) fn price(&self) -> Option<&Price> {
        match self {
            Self::Payment(price) => Some(price),
            Self::Topup | Self::Deposit(_) => None,
        }
    }

    /// Whose addresses are shown; only a deposit has it.
    pub(crate) fn customer(&self) -> Option<&CustomerId> {
        match self {
            Self::Deposit(customer) => Some(customer),
            Self::Payment(_) | Self::Topup => None,
        }
    }
}
