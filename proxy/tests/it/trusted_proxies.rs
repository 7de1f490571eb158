//! Whom a request is counted for, as the configuration file says: the program, its file, and what stands in front.

use std::net::{SocketAddr, TcpListener};

use crate::program::write_config;
use crate::running::{Running, start};
use crate::support::{Gateway, Reply, client};

/// The program with these lines of `[limits]`: three checkouts of one network at once, then one every two minutes.
struct Shop {
    _program: Running,
    _gateway: Gateway,
    _directory: tempfile::TempDir,
    address: SocketAddr,
}

impl Shop {
    async fn with(limits: &str) -> Self {
        let gateway = Gateway::start().await;
        let directory = tempfile::tempdir().unwrap();
        let address = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let config = write_config(directory.path(), &gateway.base, address.port());
        let text = std::fs::read_to_string(&config).unwrap();
        let text = format!("{text}[limits]\nnetwork_checkouts_per_hour = 30\n{limits}\n");
        std::fs::write(&config, text).unwrap();
        Self {
            _program: start(&config, address).await,
            _gateway: gateway,
            _directory: directory,
            address,
        }
    }

    /// The status of a creation that says by `X-Forwarded-For` for whom it is.
    async fn create(&self, forwarded_for: &str) -> u16 {
        let request = client()
            .post(format!("http://{}/v1/checkouts", self.address))
            .header("content-type", "application/json")
            .header("x-forwarded-for", forwarded_for)
            .body(r#"{"product":"demo-order"}"#);
        Reply::read(request.send().await.unwrap()).await.status
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_is_counted_for_itself() {
    for trusted in ["\"127.0.0.1\"", "\"10.0.0.0/8\", \"127.0.0.0/8\""] {
        let shop = Shop::with(&format!(
            "trusted_proxies = [{trusted}]\nconnections_per_network = 1"
        ))
        .await;
        for host in 1..=3 {
            assert_eq!(shop.create(&format!("203.0.113.{host}")).await, 201);
        }
        assert_eq!(shop.create("203.0.113.4").await, 429, "{trusted}");
        // What the client wrote itself stands before what the proxy adds.
        assert_eq!(shop.create("198.51.100.1, 203.0.113.5").await, 429);
        assert_eq!(shop.create("203.0.113.5, 198.51.100.1").await, 201);
        // The proxy in front keeps more connections than one client may.
        let mut kept = Vec::new();
        for host in 2..=6 {
            kept.push(tokio::net::TcpStream::connect(shop.address).await.unwrap());
            assert_eq!(shop.create(&format!("192.0.{host}.1")).await, 201);
        }
    }
}

#[tokio::test]
async fn whoever_is_no_trusted_proxy_cannot_say_for_whom_it_asks() {
    for trusted in ["", "\"10.0.0.0/8\"", "\"127.0.0.2\", \"::1\""] {
        let shop = Shop::with(&format!("trusted_proxies = [{trusted}]")).await;
        for network in 1..=3 {
            assert_eq!(shop.create(&format!("203.0.{network}.1")).await, 201);
        }
        for claimed in ["203.0.4.1", "127.0.0.2", "10.0.0.1", "::1", "nonsense", ""] {
            assert_eq!(shop.create(claimed).await, 429, "{trusted}: {claimed}");
        }
    }
}

#[tokio::test]
async fn without_a_word_about_it_all_clients_on_this_computer_count_as_one_large_network() {
    let shop = Shop::with("").await;
    // Twelve times what a network has, a tenth of it at once.
    for host in 1..=36 {
        assert_eq!(shop.create(&format!("203.0.{host}.1")).await, 201);
    }
    assert_eq!(shop.create("198.51.100.1").await, 429);
}
