//! Each connection is an open file, of which the system grants so many.

use anyhow::{Result, bail};

/// Makes sure that `wanted` files can be open at the same time, here and in the programs that are started from here.
///
/// # Errors
/// When the system's own bound is lower; says the command that raises it.
#[cfg(unix)]
pub(crate) fn allow(wanted: u64) -> Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    if current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    if maximum.is_some_and(|maximum| maximum < wanted)
        || setrlimit(Resource::Nofile, raised).is_err()
    {
        bail!(
            "{wanted} open files are needed and the system grants {}: run `ulimit -n {wanted}` first, as root where it refuses, \
             or try fewer clients with `--clients`",
            maximum.or(current).unwrap_or_default()
        );
    }
    Ok(())
}

/// Makes sure that `wanted` files can be open at the same time.
#[cfg(not(unix))]
pub(crate) fn allow(_wanted: u64) -> Result<()> {
    bail!("the benchmark calls from many addresses of 127.0.0.0/8, which only Linux has")
}
