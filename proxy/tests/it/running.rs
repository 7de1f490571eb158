//! The program as a process of its own.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::program::program;

/// A running program; killed when dropped.
pub(crate) struct Running(pub(crate) Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts it, and waits until it listens.
pub(crate) async fn start(config: &Path, address: SocketAddr) -> Running {
    let running = Running(
        program()
            .args(["serve", "--config"])
            .arg(config)
            .env("RUST_LOG", "warn")
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return running;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the program does not listen on {address}");
}
