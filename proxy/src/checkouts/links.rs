//! Where the buyer is led beside the payment: back to the shop, to help, and by which logo the shop is known.

/// The shop's links. Those of a product win over those of the whole shop.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShopLinks {
    /// Where to go after paying.
    pub return_url: Option<String>,
    /// Where to find help.
    pub support_url: Option<String>,
    /// The shop's logo.
    pub logo_url: Option<String>,
}

impl ShopLinks {
    /// These links, and those of the shop where one is not set.
    pub(crate) fn or(&self, shop: &Self) -> Self {
        let either =
            |own: &Option<String>, shop: &Option<String>| own.clone().or_else(|| shop.clone());
        Self {
            return_url: either(&self.return_url, &shop.return_url),
            support_url: either(&self.support_url, &shop.support_url),
            logo_url: either(&self.logo_url, &shop.logo_url),
        }
    }
}
