//! A cluster that takes connections with TLS alone.

use anyhow::Result;

use crate::cluster::Cluster;

impl Cluster {
    /// Gives the server a certificate and its key, both as PEM, and has it send away whoever comes without TLS. It is started again.
    ///
    /// # Errors
    /// When the files cannot be written, or the server does not come up with them.
    pub fn speak_only_tls(&mut self, certificate: &str, key: &str) -> Result<()> {
        let data = self.data();
        self.keep(&data.join("server.crt"), certificate)?;
        self.keep(&data.join("server.key"), key)?;
        self.keep(
            &data.join("pg_hba.conf"),
            "hostssl all all 127.0.0.1/32 password",
        )?;
        self.configure("ssl = on")?;
        self.stop()?;
        self.start_again()
    }
}
