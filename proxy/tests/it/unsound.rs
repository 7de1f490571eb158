//! A gateway whose answer contradicts what was asked: nothing of it reaches a buyer.

use crate::support::{CREATE, READ, TestProxy, text};

/// Replaces the value of a JSON member in a text, whatever it is.
fn with(text: &str, member: &str, value: &str) -> String {
    let start = text
        .find(&format!("\"{member}\":"))
        .unwrap_or_else(|| panic!("no {member} in {text}"))
        + member.len()
        + 3;
    let rest = &text[start..];
    let end = if let Some(inner) = rest.strip_prefix('"') {
        inner.find('"').unwrap() + 2
    } else {
        rest.find([',', '}']).unwrap()
    };
    format!("{}{value}{}", &text[..start], &rest[end..])
}

const CONTRADICTIONS: [(&str, &str); 14] = [
    (
        "invoiceAddress",
        r#""0xc23670524181205cdddef7a7e471674779b20797""#,
    ),
    ("invoiceAddress", r#""TMb2g7cJU1oooVZF9jybWSygz9FXLNKocQ""#),
    ("invoiceAddress", r#""""#),
    ("invoiceAddress", r#""<script>alert(1)</script>""#),
    ("currency", r#""USDT""#),
    ("currency", r#""BTC""#),
    ("fiatAmount", "1"),
    ("fiatAmount", "25.01"),
    ("fiatCurrency", r#""USD""#),
    ("amount", "0"),
    ("amount", "1.0000001"),
    ("amount", "-1"),
    ("expiration", r#""2020-01-01T00:00:00.000000""#),
    ("id", r#""""#),
];

#[tokio::test]
async fn a_new_invoice_is_checked_before_it_is_shown() {
    let shop = TestProxy::start().await;
    for (member, value) in CONTRADICTIONS {
        let id = shop.checkout().await;
        shop.gateway.rewrite(move |path, text| {
            if [CREATE, READ].contains(&path) && text.contains("invoiceAddress") {
                with(&text, member, value)
            } else {
                text
            }
        });
        let reply = shop.choose(&id, "USDT_TRX").await;
        let code = reply.code();
        assert!(
            code == "gateway_unsound" || (value == "-1" && code == "gateway_failed"),
            "{member} {value}: {code}"
        );
        assert!(
            !reply.text().contains(value.trim_matches('"')) || value.len() < 4,
            "{member} {value}: {}",
            reply.text()
        );
        let view = shop.show(&id).await;
        assert_eq!(
            (view["state"].as_str(), view["invoice"].is_null()),
            (Some("choosing"), true),
            "{member} {value}"
        );
        shop.gateway.honest();
        assert_eq!(
            shop.choose(&id, "USDT_TRX").await.expect(200).json()["state"],
            "awaiting",
            "{member} {value}"
        );
    }
    assert_eq!(
        shop.gateway.invoices_made().await.len()
            - usize::from(shop.gateway.invoices_made().await.contains(&String::new())),
        CONTRADICTIONS.len()
    );
}

#[tokio::test]
async fn a_later_reading_is_checked_too() {
    let shop = TestProxy::start().await;
    let (id, invoice) = shop.awaiting("USDT_TRX").await;
    shop.gateway
        .deposit(
            text(&invoice, "/address"),
            text(&invoice, "/amount"),
            "mempool",
        )
        .await;
    let other = shop.awaiting("USDT_TRX").await.1;
    let swapped = format!("{:?}", text(&other, "/address"));
    let mut table: Vec<(&str, String)> = CONTRADICTIONS
        .iter()
        .filter(|(member, _)| *member != "expiration")
        .map(|(m, v)| (*m, (*v).to_owned()))
        .collect();
    table.push(("invoiceAddress", swapped));
    table.push(("id", r#""00000000-0000-4000-8000-000000000000""#.to_owned()));
    let mut state = "awaiting";
    for (member, value) in table {
        // A price or an amount that cannot be true hides no money. What is about another invoice says nothing at all.
        if ["fiatAmount", "fiatCurrency", "amount"].contains(&member) && value != "-1" {
            state = "detected";
        }
        let named = value.clone();
        shop.gateway.rewrite(move |path, text| {
            if path == READ {
                with(&text, member, &value)
            } else {
                text
            }
        });
        shop.wait(120_000);
        let view = shop.show(&id).await;
        assert_eq!(view["state"], state, "{member} {named}");
        for known in ["currency", "amount", "due"] {
            assert_eq!(view["invoice"][known], invoice[known], "{member} {named}");
        }
        for place in ["address", "uri"] {
            let known = match state {
                "awaiting" => &invoice[place],
                _ => &serde_json::Value::Null,
            };
            assert_eq!(&view["invoice"][place], known, "{member} {named}");
        }
    }
    shop.gateway.honest();
    shop.wait(120_000);
    assert_eq!(shop.show(&id).await["state"], "detected");
}

#[tokio::test]
async fn two_requests_never_share_one_gateway_invoice() {
    let shop = TestProxy::start().await;
    let (_, _) = shop.awaiting("USDT_TRX").await;
    let first = shop.gateway.invoices_made().await[0].clone();
    let id = shop.checkout().await;
    let same = format!("{first:?}");
    shop.gateway.rewrite(move |path, text| {
        if path == CREATE {
            with(&text, "id", &same)
        } else {
            text
        }
    });
    assert_eq!(shop.choose(&id, "USDT_TRX").await.code(), "gateway_unsound");
    assert_eq!(shop.show(&id).await["state"], "choosing");
}
