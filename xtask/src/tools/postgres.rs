//! PostgreSQL for the tests: found or installed, started once for a step, and thrown away after it.

mod no_main_cluster;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use throwaway_postgres::{Cluster, Durability, Programs, VARIABLE};

use crate::tools::apt::Apt;

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
    let apt = Apt::ready("PostgreSQL", &["postgresql"])?;
    no_main_cluster::during(Path::new("/etc/postgresql-common"), || apt.install())?;
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
