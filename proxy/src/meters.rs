//! What the proxy counts about itself, for whoever has to see whether it is well. Each room keeps its own meters; here is what they are made
//! of, and the page that shows them.

pub(crate) mod made;
pub(crate) mod page;
pub(crate) mod requests;
