//! Customers with permanent deposit addresses: what is sent and what is understood.

use calypso::{CustomerChange, Filter, NewCustomer, TransactionSearch, TransactionState};

use super::gateway::{Gateway, ok, refused};

const CUSTOMER: &str = r#"{"id":"c-1","email":"a@shop.example","description":null,"externalId":17,"blocked":false,"new":1}"#;

fn payload(gateway: &Gateway) -> (String, String) {
    let request = gateway.requests().remove(0);
    let payload = request.text().split_once(r#""payload":"#).unwrap().1;
    (
        request.path.clone(),
        payload[..payload.len() - 1].to_owned(),
    )
}

#[tokio::test]
async fn a_customer_is_made_and_changed() {
    let gateway = Gateway::new([ok(CUSTOMER)]);
    let order = NewCustomer {
        external_id: Some("17".into()),
        ..NewCustomer::default()
    };
    let made = gateway.client().create_customer(&order).await.unwrap();
    assert_eq!(
        (made.id.as_str(), made.external_id.as_deref(), made.blocked),
        ("c-1", Some("17"), Some(false))
    );
    assert_eq!(
        payload(&gateway),
        (
            "/api/v1/customer-purse/customer/create".into(),
            r#"{"externalId":"17"}"#.into()
        )
    );

    let gateway = Gateway::new([ok(CUSTOMER)]);
    let mut change = CustomerChange::new("c-1");
    change.email = Some("b@shop.example".into());
    gateway.client().update_customer(&change).await.unwrap();
    assert_eq!(
        payload(&gateway),
        (
            "/api/v1/customer-purse/customer/update".into(),
            r#"{"id":"c-1","email":"b@shop.example"}"#.into()
        )
    );
}

#[tokio::test]
async fn making_a_customer_is_never_repeated_once_it_was_sent() {
    let gateway = Gateway::new([super::gateway::Answer::Reset, ok(CUSTOMER)]);
    let error = gateway
        .client()
        .create_customer(&NewCustomer::default())
        .await
        .unwrap_err();
    assert!(error.may_have_taken_effect());
    assert_eq!(gateway.requests().len(), 1);
}

#[tokio::test]
async fn an_address_comes_with_or_without_the_id_of_its_purse() {
    for (answer, id) in [
        (r#"{"address":"T1"}"#, None),
        (r#"{"id":"p-1","address":"T1"}"#, Some("p-1")),
    ] {
        let gateway = Gateway::new([ok(answer)]);
        let address = gateway
            .client()
            .deposit_address("c-1", "USDT_TRX")
            .await
            .unwrap();
        assert_eq!(
            (address.address.as_str(), address.id.as_deref()),
            ("T1", id)
        );
        assert_eq!(
            payload(&gateway),
            (
                "/api/v1/customer-purse/address/get".into(),
                r#"{"customerId":"c-1","currency":"USDT_TRX"}"#.into()
            )
        );
    }
    let gateway = Gateway::new([refused("004")]);
    assert!(
        gateway
            .client()
            .deposit_address("c-2", "BTC")
            .await
            .unwrap_err()
            .is_not_found()
    );
    for (customer, currency) in [("", "BTC"), ("c-1", " ")] {
        let gateway = Gateway::new([]);
        gateway
            .client()
            .deposit_address(customer, currency)
            .await
            .unwrap_err();
        assert!(gateway.requests().is_empty());
    }
}

#[tokio::test]
async fn transactions_are_looked_for_with_filters() {
    let transaction = r#"{"id":1,"amount":1E+2,"currency":{"name":"BTC"},"transactionState":"NEW_STATE","complianceState":null}"#;
    let gateway = Gateway::new([ok(format!(r#"{{"result":[{transaction}],"more":true}}"#))]);
    let search = TransactionSearch {
        customer_id: Some("c-1".into()),
        currency_filter: Some(Filter {
            one_of: vec!["BTC".into(), "ETH".into()],
            ..Filter::default()
        }),
        transaction_state_filter: Some(Filter::equals(TransactionState::Confirmed)),
        page_size: Some(50),
        ..TransactionSearch::default()
    };
    let page = gateway
        .client()
        .find_purse_transactions(&search)
        .await
        .unwrap();
    assert_eq!(
        (
            page.items[0].id.as_str(),
            page.items[0].amount.to_string().as_str()
        ),
        ("1", "100")
    );
    assert_eq!(
        page.items[0].state,
        TransactionState::Unknown("NEW_STATE".into())
    );
    let expected = r#"{"customerId":"c-1","currencyFilter":{"in":["BTC","ETH"]},"transactionStateFilter":{"equals":"CONFIRMED"},"pageSize":50}"#;
    assert_eq!(
        payload(&gateway),
        (
            "/api/v1/customer-purse/transaction/find".into(),
            expected.into()
        )
    );
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_leaves_the_others_of_its_page() {
    let good = r#"{"id":"a","amount":5,"currency":"BTC","transactionState":"CONFIRMED"}"#;
    for (entry, id) in [
        (
            r#"{"id":"b","amount":-5,"currency":"BTC","transactionState":"CONFIRMED"}"#,
            Some("b"),
        ),
        (
            r#"{"id":7,"amount":"five","currency":"BTC","transactionState":"CONFIRMED"}"#,
            Some("7"),
        ),
        (
            r#"{"transactionId":"c","amount":5,"currency":"BTC"}"#,
            Some("c"),
        ),
        (r#"{"id":{},"transactionId":"d"}"#, Some("d")),
        (r#"{"id":"","amount":5}"#, None),
        (
            r#"{"amount":5,"currency":"BTC","transactionState":"CONFIRMED"}"#,
            None,
        ),
        ("null", None),
        ("5", None),
        ("[]", None),
    ] {
        for answer in [
            format!(r#"{{"result":[{good},{entry},{good}],"page":"x","totalElements":-1}}"#),
            format!("[{entry},{good},{good}]"),
        ] {
            let gateway = Gateway::new([ok(answer)]);
            let search = TransactionSearch::default();
            let page = gateway.client().find_purse_transactions(&search).await;
            let page = page.unwrap();
            assert_eq!(page.items.len(), 2, "{entry}");
            assert_eq!(page.unreadable.len(), 1, "{entry}");
            let unreadable = &page.unreadable[0];
            assert_eq!(unreadable.id.as_deref(), id, "{entry}");
            assert_eq!(unreadable.text, entry);
            assert!(!unreadable.reason.is_empty(), "{entry}");
            assert_eq!(
                (page.page, page.total_elements),
                (None, None),
                "counts that are none"
            );
        }
    }
    let long = format!(r#"["{}"]"#, "é".repeat(300));
    let gateway = Gateway::new([ok(long)]);
    let page = gateway
        .client()
        .find_purse_transactions(&TransactionSearch::default())
        .await
        .unwrap();
    assert_eq!(page.unreadable[0].text.chars().count(), 200);
}
