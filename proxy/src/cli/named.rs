//! The store that a command is about.

use anyhow::{Context, bail};
use calypso_proxy::{Config, ShopConfig};

/// The store that was named, or the only one there is.
pub(super) fn shop<'a>(config: &'a Config, store: Option<&str>) -> anyhow::Result<&'a ShopConfig> {
    let mut shops = config.shops.iter();
    match (store, shops.next(), shops.next()) {
        (None, Some(only), None) => Ok(only),
        (None, _, _) => bail!("the configuration has several stores: say which by `--store`"),
        (Some(store), _, _) => {
            let found = config.shops.iter().find(|shop| shop.name.as_str() == store);
            found.context("`--store` names no store of the configuration")
        }
    }
}
