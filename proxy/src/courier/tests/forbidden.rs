//! Attack class G of the threat table: ways to make the proxy call a server of the inside. A canary listens, and nothing may reach it.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

use super::spellings::{HOSTS, NAMES, PORTS, SHAPES};
use super::stand::{LOOPBACK, MadeUp, NOW, SECRET, Stand, message};
use crate::config::EventTarget;
use crate::courier::{Attempted, Courier, DeliveryFailure};

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// A server on every address of this computer, of IPv4 and, where there is one, of IPv6 with the same port.
async fn canary() -> Stand {
    let both = SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0));
    let listener = match TcpListener::bind(both).await {
        Ok(listener) => listener,
        Err(_) => TcpListener::bind("0.0.0.0:0").await.unwrap(),
    };
    Stand::at(listener, OK.to_vec())
}

fn names() -> Arc<MadeUp> {
    MadeUp::of(NAMES)
}

/// What became of a URL: refused as configuration, or tried.
async fn tried(courier: &Courier, url: &str, allowed: &[&str]) -> Option<Attempted> {
    let target = EventTarget::new(url, &[SECRET], allowed).ok()?;
    Some(courier.deliver(&target, &message(), NOW).await)
}

fn urls(port: u16) -> Vec<String> {
    let hosts = HOSTS
        .iter()
        .copied()
        .chain(NAMES.iter().map(|(name, _)| *name));
    let of_hosts = hosts
        .flat_map(|host| ["http", "https"].map(|scheme| format!("{scheme}://{host}:{port}/hook")));
    let shapes = SHAPES
        .iter()
        .map(|shape| shape.replace("PORT", &port.to_string()));
    let ports = PORTS
        .iter()
        .map(|port| format!("https://shop.example:{port}/"));
    of_hosts.chain(shapes).chain(ports).collect()
}

#[tokio::test]
async fn no_spelling_reaches_a_server_of_the_inside() {
    let canary = canary().await;
    let courier = Courier::with_names(names());
    let urls = urls(canary.port);
    let spellings = HOSTS.len() + NAMES.len() + SHAPES.len() + PORTS.len();
    assert!(spellings >= 120, "{spellings} spellings");
    let mut as_configuration = 0;
    for url in &urls {
        match tried(&courier, url, &[]).await {
            None => as_configuration += 1,
            Some(Attempted::Failed {
                kind: DeliveryFailure::Forbidden | DeliveryFailure::NoAddress,
            }) => {}
            other => panic!("{url}: {other:?}"),
        }
    }
    assert_eq!(canary.connections(), 0);
    println!(
        "{spellings} spellings in {} URLs: {as_configuration} refused as configuration, the others at delivery, 0 connections",
        urls.len()
    );
}

#[tokio::test]
async fn where_loopback_is_allowed_the_canary_hears_so_the_table_can_fail() {
    let canary = canary().await;
    let courier = Courier::with_names(names());
    let mut reached = 0;
    // Of http alone: the canary knows no TLS.
    for url in urls(canary.port)
        .into_iter()
        .filter(|url| url.starts_with("http:"))
    {
        let before = canary.connections();
        if let Some(Attempted::Taken { .. }) = tried(&courier, &url, LOOPBACK).await {
            reached += 1;
            assert_eq!(canary.connections(), before + 1, "{url}");
        }
    }
    // Every name whose addresses are all of loopback, and the two addresses that are written plainly.
    assert!(reached >= 6, "only {reached} reached the canary");
}

#[tokio::test]
async fn an_allowed_network_opens_itself_alone() {
    let canary = canary().await;
    let port = canary.port;
    let courier = Courier::with_names(MadeUp::of(&[
        ("one.example", &[&["127.0.0.1"]]),
        ("two.example", &[&["127.0.0.1", "10.0.0.1"]]),
        ("three.example", &[&["127.0.0.1", "93.184.216.34"]]),
    ]));
    let forbidden = Some(Attempted::Failed {
        kind: DeliveryFailure::Forbidden,
    });
    let taken = Some(Attempted::Taken { status: 200 });
    for (name, allowed, expected) in [
        ("one.example", "127.0.0.1", taken),
        ("one.example", "127.0.0.2", forbidden),
        ("one.example", "10.0.0.0/8", forbidden),
        ("two.example", "127.0.0.0/8", forbidden),
        ("two.example", "10.0.0.0/8", forbidden),
        ("three.example", "127.0.0.0/8", forbidden),
    ] {
        let attempted = tried(&courier, &format!("http://{name}:{port}/"), &[allowed]).await;
        assert_eq!(attempted, expected, "{name} {allowed}");
    }
    assert_eq!(canary.connections(), 1);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_checked_at_every_delivery() {
    let canary = canary().await;
    let url = format!("http://rebinding.example:{}/", canary.port);
    let private = "10.255.255.1";
    let courier = Courier::with_names(MadeUp::of(&[(
        "rebinding.example",
        &[
            &["127.0.0.1"],
            &[private],
            &["127.0.0.1"],
            &["169.254.169.254"],
        ],
    )]));
    let mut ends = Vec::new();
    for _ in 0..4 {
        ends.push(tried(&courier, &url, LOOPBACK).await.unwrap());
    }
    let (taken, forbidden) = (
        Attempted::Taken { status: 200 },
        Attempted::Failed {
            kind: DeliveryFailure::Forbidden,
        },
    );
    assert_eq!(ends, [taken, forbidden, taken, forbidden]);
    // One look-up and one connection for each delivery that was taken: the answer that was checked is the one that was used.
    assert_eq!(canary.connections(), 2);
}

#[tokio::test]
async fn no_redirect_leads_anywhere() {
    let canary = canary().await;
    for status in [300, 301, 302, 303, 305, 307, 308] {
        for place in [
            format!("http://127.0.0.1:{}/", canary.port),
            "//127.1/".to_owned(),
            format!("http://[::1]:{}/", canary.port),
        ] {
            let stand = Stand::answering(format!(
                "HTTP/1.1 {status} X\r\nlocation: {place}\r\nrefresh: 0; url={place}\r\n\r\n"
            ))
            .await;
            let attempted = tried(&Courier::new(), &stand.url(), LOOPBACK).await;
            assert_eq!(
                attempted,
                Some(Attempted::Refused {
                    status,
                    retry_after: None
                }),
                "{place}"
            );
        }
    }
    assert_eq!(canary.connections(), 0);
}

#[tokio::test]
async fn no_store_is_served_by_a_connection_that_only_another_may_have() {
    let stand =
        Stand::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: keep-alive\r\n\r\n")
            .await;
    let names = MadeUp::of(&[("shared.example", &[&["127.0.0.1"]])]);
    let courier = Courier::with_names(names);
    let url = format!("http://shared.example:{}/", stand.port);
    let first = tried(&courier, &url, &["127.0.0.1"]).await;
    let second = tried(&courier, &url, &["10.0.0.0/8"]).await;
    assert_eq!(first, Some(Attempted::Taken { status: 200 }));
    assert_eq!(
        second,
        Some(Attempted::Failed {
            kind: DeliveryFailure::Forbidden
        })
    );
    assert_eq!(stand.connections(), 1);
}

#[tokio::test]
async fn every_special_address_is_refused_behind_a_name_too() {
    let courier = |address: IpAddr| {
        Courier::with_names(MadeUp::of(&[("name.example", &[&[&address.to_string()]])]))
    };
    for text in super::spellings::ADDRESSES {
        let address: IpAddr = text.parse().unwrap();
        let attempted = tried(&courier(address), "https://name.example/", &[]).await;
        assert_eq!(
            attempted,
            Some(Attempted::Failed {
                kind: DeliveryFailure::Forbidden
            }),
            "{text}"
        );
    }
}
