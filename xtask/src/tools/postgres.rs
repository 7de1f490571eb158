//! PostgreSQL for the tests: found or installed, started once for a step, and thrown away after it.

use std::process::Command;

use anyhow::{Context, Result};
use throwaway_postgres::{Cluster, Durability, Programs, VARIABLE};

use crate::tools::apt;

/// Keeps Debian's package from starting a cluster of its own when it is installed.
const NO_MAIN_CLUSTER: &str = "/etc/postgresql-common/createcluster.d/calypso-tests.conf";

/// A server for one step, or the developer's own.
pub(crate) struct Server {
    cluster: Option<Cluster>,
}

impl Server {
    /// Starts one that promises nothing about a power cut, unless the environment names one already.
    pub(crate) fn start() -> Result<Server> {
        if std::env::var_os(VARIABLE).is_some_and(|url| !url.is_empty()) {
            return Ok(Server { cluster: None });
        }
        let cluster = Cluster::start(find()?, Durability::Quick)?;
        Ok(Server {
            cluster: Some(cluster),
        })
    }

    /// Tells a command where the server is.
    pub(crate) fn tell(&self, command: &mut Command) {
        if let Some(cluster) = &self.cluster {
            command.env(VARIABLE, cluster.url("postgres"));
        }
    }
}

/// Finds the programs, or installs Debian's packages.
pub(crate) fn find() -> Result<Programs> {
    if let Some(found) = Programs::find() {
        return Ok(found);
    }
    // In two steps: the first brings the directory that the second one looks into.
    apt::install("PostgreSQL", &["postgresql-common"])?;
    std::fs::write(NO_MAIN_CLUSTER, "create_main_cluster = false\n")
        .with_context(|| format!("{NO_MAIN_CLUSTER} cannot be written"))?;
    let installed = apt::install("PostgreSQL", &["postgresql"]);
    // What the owner of this computer installs later is none of our business.
    std::fs::remove_file(NO_MAIN_CLUSTER)
        .with_context(|| format!("{NO_MAIN_CLUSTER} cannot be removed"))?;
    installed?;
    Programs::find().context("PostgreSQL's programs are not there after their installation")
}

/// Starts one for a developer and prints what to export, until Ctrl-C.
pub(crate) fn serve(options: &Options) -> Result<()> {
    let durability = if options.durable {
        Durability::Durable
    } else {
        Durability::Quick
    };
    let cluster = Cluster::start(find()?, durability)?;
    println!("export {VARIABLE}={}", cluster.url("postgres"));
    eprintln!("PostgreSQL runs until Ctrl-C, and is thrown away then.");
    loop {
        // Ctrl-C ends us here; the cluster notices and goes as well.
        std::thread::park();
    }
}

/// Options of `cargo xtask postgres`.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Forces every commit to disk, as PostgreSQL does by default.
    #[arg(long)]
    durable: bool,
}
