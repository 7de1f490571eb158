//! What operators and load balancers ask for.

mod metered;
mod ready;
