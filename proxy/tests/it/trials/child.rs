//! The real program as a process of its own, which is killed and started again on the same address and the same database.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child as Process, Stdio};
use std::sync::Arc;

use calypso_proxy::{Config, Proxy, SystemClock};

use crate::program::{program, write_config};
use crate::support::{GATEWAY_SECRET, MERCHANT_KEY};

/// A program that runs, or is about to. Killed when dropped.
pub(crate) struct Child {
    pub(crate) address: SocketAddr,
    config: PathBuf,
    settings: Vec<(String, String)>,
    process: Option<Process>,
}

impl Child {
    /// Writes its configuration, with so many settings from its environment, and starts nothing yet.
    pub(crate) fn prepared(directory: &Path, gateway: &str, settings: &[(&str, &str)]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = address.local_addr().unwrap();
        let settings = settings
            .iter()
            .map(|(key, value)| (format!("CALYPSO_PROXY_{key}"), (*value).to_owned()))
            .collect();
        Self {
            address,
            config: write_config(directory, gateway, address.port()),
            settings,
            process: None,
        }
    }

    /// Opens its database inside the test, while it does not run.
    pub(crate) async fn opened(&self) -> Proxy {
        let secrets = [
            ("CALYPSO_PROXY_MERCHANT_KEY", MERCHANT_KEY),
            ("CALYPSO_PROXY_GATEWAY__SECRET", GATEWAY_SECRET),
        ];
        let secrets = secrets.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let environment: Vec<_> = self.settings.iter().cloned().chain(secrets).collect();
        let config = Config::load_with(&self.config, environment).unwrap();
        Proxy::open(config, Arc::new(SystemClock)).await.unwrap()
    }

    /// Starts it, and waits until it listens.
    pub(crate) async fn start(&mut self) {
        let mut command = program();
        command
            .args(["serve", "--config"])
            .arg(&self.config)
            .envs(self.settings.iter().cloned())
            .env("RUST_LOG", "off")
            .stderr(Stdio::inherit());
        self.process = Some(command.spawn().unwrap());
        for _ in 0..6000 {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return;
            }
            let process = self.process.as_mut().unwrap();
            if let Some(status) = process.try_wait().unwrap() {
                panic!("the program ended by itself: {status}");
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        panic!("the program does not listen on {}", self.address);
    }

    /// Kills it in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}
