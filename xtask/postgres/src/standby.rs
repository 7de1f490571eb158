//! A second cluster that follows the first, and takes its place.

use anyhow::Result;

use crate::cluster::{Cluster, USER, run};

impl Cluster {
    /// Makes a copy of this running cluster that follows it and can be read. The primary calls it `name`, which is what
    /// `synchronous_standby_names` takes.
    ///
    /// # Errors
    /// When the copy fails or does not start, with what the program said.
    pub fn standby(&self, name: &str) -> Result<Cluster> {
        let mut standby = Cluster::unmade(
            self.programs.clone(),
            self.owner,
            self.durability,
            self.password.clone(),
        )?;
        let source = format!(
            "host=127.0.0.1 port={} user={USER} password={} application_name={name}",
            self.port(),
            self.password
        );
        let mut copy = self.programs.command("pg_basebackup", self.owner);
        copy.arg("--pgdata").arg(standby.data());
        copy.args(["--dbname", &source, "--write-recovery-conf"]);
        copy.args([
            "--wal-method",
            "stream",
            "--checkpoint",
            "fast",
            "--no-sync",
        ]);
        run(&mut copy)?;
        standby.find_a_port()?;
        Ok(standby)
    }

    /// Makes a standby the primary, and waits until it takes writes.
    ///
    /// # Errors
    /// When it is no standby.
    pub fn promote(&self) -> Result<()> {
        let mut promote = self.programs.command("pg_ctl", self.owner);
        run(promote
            .args(["promote", "--wait", "--pgdata"])
            .arg(self.data()))
    }
}
