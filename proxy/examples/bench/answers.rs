//! `bench proxy`: how many answers a second, and how soon, beside a bare server and beside a proxy that a merchant would have written.

mod bare;
mod creations;
mod invoices;
mod median;
mod options;
mod polls;
mod servers;
mod writer;

use anyhow::Result;

use crate::programs::Programs;
pub(crate) use options::Options;
use servers::Servers;

/// Runs it. Answers with the goals that were missed.
pub(crate) fn run(programs: &Programs, options: &Options) -> Result<Vec<String>> {
    let servers = Servers::start(programs, options)?;
    let mut missed = polls::run(&servers, options)?;
    missed.extend(creations::run(&servers, options)?);
    missed.extend(invoices::run(&servers, options)?);
    Ok(if options.any_time { Vec::new() } else { missed })
}
