//! A checkout as the proxy keeps it: what is to be paid, by when, in which currencies. It never changes once made.

use checkout::{ErrorCode, Timestamp};

use crate::checkout_id::CheckoutId;
use crate::json::{Fields, shown};
use crate::links::ShopLinks;
use crate::network_mark::NetworkMark;
use crate::offer::Offer;
use crate::price_list::PriceList;
use crate::purpose::Purpose;
use crate::refusal::Refusal;
use crate::text;

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// How long checkouts of a kind live.
struct Life {
    /// How many days one lives that names no expiry.
    default_days: i64,
    /// How many days ahead an expiry may lie.
    longest_days: i64,
}

impl Life {
    fn of(purpose: &Purpose) -> Self {
        match purpose {
            Purpose::Payment(_) => Self {
                default_days: 1,
                longest_days: 30,
            },
            // Their addresses do not end by time; a year is when nobody remembers the link any more.
            Purpose::Topup | Purpose::Deposit(_) => Self {
                default_days: 365,
                longest_days: 365,
            },
        }
    }
}

/// One thing to be paid once, or an address to be paid to again and again.
#[derive(Debug, Clone)]
pub(crate) struct Checkout {
    pub(crate) id: CheckoutId,
    /// The product sold, when a page made the checkout from the price list; `None` when the merchant's server made it.
    pub(crate) product: Option<String>,
    /// The network whose page made it, where that is known.
    pub(crate) network: Option<NetworkMark>,
    pub(crate) purpose: Purpose,
    pub(crate) description: String,
    pub(crate) currencies: Offer,
    pub(crate) external_id: Option<String>,
    pub(crate) return_url: Option<String>,
    pub(crate) support_url: Option<String>,
    pub(crate) logo_url: Option<String>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

impl Checkout {
    /// A checkout as the merchant's server asks for it.
    ///
    /// # Errors
    /// Each wrong field by its own code; a field that is not known is refused, so that a misspelt `expiresAt` is noticed.
    pub(crate) fn by_merchant(
        mut fields: Fields,
        offered: &Offer,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        let purpose = Purpose::take(&mut fields)?;
        let life = Life::of(&purpose);
        let description = text::description(fields.required_text("description")?)?;
        let currencies = match fields.texts("currencies")? {
            Some(codes) => Offer::parse(codes.iter().map(String::as_str))?,
            None => offered.clone(),
        };
        let external_id = fields
            .text("externalId")?
            .map(text::external_id)
            .transpose()?;
        let expires_at = match fields.text("expiresAt")? {
            Some(text) => expiry(&text, now, life.longest_days)?,
            None => now.plus_seconds(life.default_days * DAY_SECONDS),
        };
        // The gateway's documents spell these both ways.
        let mut link = |camel: &'static str, snake: &'static str| {
            fields
                .text_spelt(camel, snake)?
                .map(|(name, text)| text::link(name, &text))
                .transpose()
        };
        let return_url = link("returnUrl", "return_url")?;
        let support_url = link("supportUrl", "support_url")?;
        let logo_url = link("logoUrl", "logo_url")?;
        fields.finish()?;
        Ok(Self {
            id: CheckoutId::random(),
            product: None,
            network: None,
            purpose,
            description,
            currencies,
            external_id,
            return_url,
            support_url,
            logo_url,
            created_at: now,
            expires_at,
        })
    }

    /// A checkout as a buyer's page asks for it: a key of the price list and nothing else.
    ///
    /// # Errors
    /// `amount_not_accepted` when the page also says what it would like to pay, `field_unknown` for anything else beside the key,
    /// `unknown_product` when the key is not in the list.
    pub(crate) fn by_page(
        mut fields: Fields,
        list: &PriceList,
        offered: &Offer,
        shop: &ShopLinks,
        now: Timestamp,
    ) -> Result<Self, Refusal> {
        fields.refuse_money()?;
        if fields.has("order") {
            return Err(Refusal::new(
                ErrorCode::FieldUnknown,
                "`order` is not a field of this request: this proxy takes no signed orders",
            ));
        }
        let key = fields.required_text("product")?;
        fields.finish()?;
        let Some(product) = list.get(&key) else {
            return Err(Refusal::new(
                ErrorCode::UnknownProduct,
                format!("`{}` is not in the price list", shown(&key)),
            ));
        };
        let purpose = Purpose::Payment(product.price.clone());
        let links = product.links.or(shop);
        Ok(Self {
            id: CheckoutId::random(),
            product: Some(key),
            network: None,
            description: product.description.clone(),
            currencies: product.currencies.as_ref().unwrap_or(offered).clone(),
            external_id: None,
            return_url: links.return_url,
            support_url: links.support_url,
            logo_url: links.logo_url,
            created_at: now,
            expires_at: now.plus_seconds(Life::of(&purpose).default_days * DAY_SECONDS),
            purpose,
        })
    }

    /// Whether its time is over.
    pub(crate) fn is_past_expiry(&self, now: Timestamp) -> bool {
        now >= self.expires_at
    }
}

fn expiry(text: &str, now: Timestamp, longest_days: i64) -> Result<Timestamp, Refusal> {
    let expires_at = Timestamp::parse(text)
        .map_err(|error| Refusal::field("expiresAt", format!("is `{}`: {error}", shown(text))))?;
    if expires_at <= now {
        return Err(Refusal::new(
            ErrorCode::ExpiryInPast,
            format!("`expiresAt` is {expires_at}, it is {now} already"),
        ));
    }
    let latest = now.plus_seconds(longest_days * DAY_SECONDS);
    if expires_at > latest {
        return Err(Refusal::new(
            ErrorCode::ExpiryTooFar,
            format!(
                "`expiresAt` is {expires_at}, more than {longest_days} days ahead; the latest is {latest}"
            ),
        ));
    }
    Ok(expires_at)
}

#[cfg(test)]
mod tests;
