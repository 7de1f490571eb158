//! The real program as a process of its own, which is killed and started again on the same address and the same database.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child as Process, Command, Stdio};
use std::sync::Arc;

use calypso_proxy::{Config, Proxy, SystemClock};

use crate::program::{PROGRAM, write_config};
use crate::support::{GATEWAY_SECRET, MERCHANT_KEY};

/// A program that runs, or is about to. Killed when dropped.
pub(crate) struct Child {
    pub(crate) address: SocketAddr,
    pub(crate) config: PathBuf,
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
        let mut command = self.command("/bin/sh");
        // A file that gets too long is an error to the program, and no reason to end it.
        command
            .args(["-c", r#"trap '' XFSZ; exec "$@""#, "sh", PROGRAM])
            .args(["serve", "--config"])
            .arg(&self.config)
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

    /// Starts it as somebody who may read everything in its directory and write nothing. Whether it served, and what it said.
    pub(crate) fn start_where_nothing_can_be_written(&self, directory: &Path) -> (bool, String) {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let copy = directory.join("calypso-proxy");
        std::fs::copy(PROGRAM, &copy).unwrap();
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|we| we.uid() == 0);
        let readable = std::fs::Permissions::from_mode(0o555);
        std::fs::set_permissions(directory, readable).unwrap();
        // Root may write everywhere, so it is somebody else then.
        let mut command = if is_root {
            let mut command = self.command("setpriv");
            command
                .args(["--reuid", "65534", "--regid", "65534", "--clear-groups"])
                .arg(copy);
            command
        } else {
            self.command(&copy.display().to_string())
        };
        let output = command
            .args(["serve", "--config"])
            .arg(&self.config)
            .output()
            .unwrap();
        let writable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(directory, writable).unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), said)
    }

    /// Lets no file of the running program get longer than this, as a full disk would.
    #[cfg(target_os = "linux")]
    pub(crate) fn limit_files(&self, most: Option<u64>) {
        use rustix::process::{Pid, Resource, Rlimit, prlimit};
        let process = Pid::from_child(self.process.as_ref().unwrap());
        let limit = Rlimit {
            current: most,
            maximum: None,
        };
        prlimit(Some(process), Resource::Fsize, limit).unwrap();
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("CALYPSO_PROXY_MERCHANT_KEY", MERCHANT_KEY)
            .env("CALYPSO_PROXY_GATEWAY__SECRET", GATEWAY_SECRET)
            .envs(self.settings.iter().cloned())
            .env("RUST_LOG", "off")
            .stdin(Stdio::null());
        command
    }

    /// Tells it to stop, as an operator or a container's host does.
    pub(crate) fn tell_to_stop(&self) {
        use rustix::process::{Pid, Signal, kill_process};
        let process = Pid::from_child(self.process.as_ref().unwrap());
        kill_process(process, Signal::TERM).unwrap();
    }

    /// Waits until it has ended by itself; whether it says that all is well.
    pub(crate) async fn ended(&mut self) -> bool {
        let mut process = self.process.take().unwrap();
        let ended = tokio::task::spawn_blocking(move || process.wait().unwrap());
        ended.await.unwrap().success()
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
