//! Tokens that are taken, and everything that is not: other bytes, other algorithms, other claims.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};
use checkout::{RefusalCode, Timestamp};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use super::super::claims::SignedOrder;
use super::Verifier;
use crate::checkouts::shop_id::ShopId;
use crate::config::{OrderAlgorithm, OrderTokens};

const NOW: Timestamp = Timestamp::from_millis(1_795_250_000_000);
const NOW_SECONDS: i64 = 1_795_250_000;
const KEY: &str = "order-canary-of-the-first-key-0123456789";
const BEFORE: &str = "order-canary-of-the-key-before-that-one-1";

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn hs256(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// A token of these two texts, signed with HS256.
fn signed(header: &str, claims: &str, key: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(claims));
    format!("{message}.{}", b64(hs256(key.as_bytes(), &message)))
}

const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

fn claims() -> Value {
    json!({
        "store": "default", "order": "order-1001", "amount": "25.00", "currency": "EUR", "exp": NOW_SECONDS + 3600
    })
}

fn good() -> String {
    signed(HEADER, &claims().to_string(), KEY)
}

fn ed25519() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn with_ed25519(header: &str, claims: &str) -> String {
    let message = format!("{}.{}", b64(header), b64(claims));
    let signature = ed25519().sign(message.as_bytes()).to_bytes();
    format!("{message}.{}", b64(signature))
}

fn verifier(algorithm: OrderAlgorithm, keys: &[&str]) -> Verifier {
    let keys = keys.iter().map(|key| (*key).into()).collect();
    Verifier::of(Some(&OrderTokens { algorithm, keys }))
}

fn of_hs256() -> Verifier {
    verifier(OrderAlgorithm::Hs256, &[KEY, BEFORE])
}

fn of_eddsa() -> Verifier {
    verifier(OrderAlgorithm::EdDsa, &[&b64(ed25519().verifying_key())])
}

/// The order, or the code and the sentence of the refusal.
fn read(verifier: &Verifier, token: &str) -> Result<SignedOrder, (RefusalCode, String)> {
    let read = verifier.read(token, &ShopId::default(), NOW);
    read.map_err(|refusal| (refusal.code, refusal.message))
}

#[test]
fn a_token_of_either_algorithm_is_taken_by_its_own_and_by_no_other() {
    let order = read(&of_hs256(), &good()).unwrap();
    assert_eq!(order.id, "order-1001");
    assert_eq!(order.description, "Order order-1001");
    assert_eq!(
        (order.price.amount().to_string(), order.price.currency()),
        ("25.00".to_owned(), "EUR")
    );
    assert_eq!(order.until, NOW.plus_seconds(3600));
    // While keys are exchanged, both count.
    let before = signed(HEADER, &claims().to_string(), BEFORE);
    read(&of_hs256(), &before).unwrap();
    let alone = verifier(OrderAlgorithm::Hs256, &[KEY]);
    assert_eq!(
        read(&alone, &before).unwrap_err().0,
        RefusalCode::OrderTokenWrong
    );

    let eddsa = with_ed25519(r#"{"alg":"EdDSA"}"#, &claims().to_string());
    read(&of_eddsa(), &eddsa).unwrap();
    for (verifier, token) in [(of_hs256(), eddsa), (of_eddsa(), good())] {
        let (code, _) = read(&verifier, &token).unwrap_err();
        assert_eq!(code, RefusalCode::OrderTokenMalformed);
    }
}

#[test]
fn everything_that_may_be_said_is_taken() {
    let mut full = claims();
    full["iat"] = json!(NOW_SECONDS);
    full["description"] = json!("Two bags of beans");
    full["returnUrl"] = json!("https://shop.example/thanks");
    for header in [
        HEADER,
        r#"{"alg":"HS256"}"#,
        r#"{"typ":"JWT","alg":"HS256","kid":"2026-11"}"#,
        " {\"alg\":\"HS256\"}".trim(),
    ] {
        let order = read(&of_hs256(), &signed(header, &full.to_string(), KEY)).unwrap();
        assert_eq!(order.description, "Two bags of beans");
        assert_eq!(
            order.return_url.as_deref(),
            Some("https://shop.example/thanks")
        );
    }
    // As any JSON, with blanks and escapes.
    let spaced = "{ \"store\" : \"default\",\n\"order\":\"\\u006frder-1001\", \"amount\":\"25\",\"currency\":\"EUR\",\"exp\":1795250001 }";
    assert_eq!(
        read(&of_hs256(), &signed(HEADER, spaced, KEY)).unwrap().id,
        "order-1001"
    );
    // Whether its time is over is asked by whoever makes a checkout.
    let mut over = claims();
    over["exp"] = json!(1);
    read(&of_hs256(), &signed(HEADER, &over.to_string(), KEY)).unwrap();
}

#[test]
fn no_byte_of_a_token_can_be_another() {
    for (verifier, token) in [
        (of_hs256(), good()),
        (
            of_eddsa(),
            with_ed25519(r#"{"alg":"EdDSA"}"#, &claims().to_string()),
        ),
    ] {
        let mut tried = 0;
        for place in 0..token.len() {
            for byte in 0..=0x7f_u8 {
                let mut bytes = token.clone().into_bytes();
                if bytes[place] == byte {
                    continue;
                }
                bytes[place] = byte;
                let mutated = String::from_utf8(bytes).unwrap();
                assert!(
                    read(&verifier, &mutated).is_err(),
                    "{place} {byte}: {mutated}"
                );
                tried += 1;
            }
            let (mut shorter, mut longer) = (token.clone(), token.clone());
            shorter.remove(place);
            longer.insert(place, 'A');
            for mutated in [&token[..place], &shorter, &longer] {
                assert!(read(&verifier, mutated).is_err(), "{place}: {mutated}");
                tried += 1;
            }
        }
        assert!(tried > 10_000, "{tried}");
    }
}

/// A token with one claim set, or taken away.
fn with(claim: &str, value: Value) -> String {
    let mut all = claims();
    match value {
        Value::Null => {
            all.as_object_mut().unwrap().remove(claim);
        }
        value => all[claim] = value,
    }
    signed(HEADER, &all.to_string(), KEY)
}

/// A token whose claims are this text.
fn saying(claims: &str) -> String {
    signed(HEADER, claims, KEY)
}

/// A token with this header.
fn headed(header: &str) -> String {
    signed(header, &claims().to_string(), KEY)
}

/// The claims without the last brace, to go on from.
fn open() -> String {
    let mut text = claims().to_string();
    text.pop();
    text
}

#[test]
fn tricks_with_algorithms_and_headers_are_refused() {
    use RefusalCode::{OrderTokenMalformed as Malformed, OrderTokenWrong as Wrong};
    let claims = claims().to_string();
    let message = |header: &str| format!("{}.{}", b64(header), b64(&claims));
    let unsigned = |header: &str| format!("{}.", message(header));
    let public = ed25519().verifying_key();
    // The public key, which everybody may know, as the secret of HS256.
    let confused = |key: &[u8]| {
        let message = message(HEADER);
        format!("{message}.{}", b64(hs256(key, &message)))
    };
    let good = good();
    let parts: Vec<&str> = good.split('.').collect();
    let zeros = format!("{}.{}", message(HEADER), b64([0; 32]));
    let tricks: Vec<(&str, bool, String, RefusalCode)> = vec![
        ("nothing", true, String::new(), Malformed),
        ("blanks", true, format!(" {good}"), Malformed),
        ("a line", true, format!("{good}\n"), Malformed),
        (
            "a scheme before it",
            true,
            format!("Bearer {good}"),
            Malformed,
        ),
        ("alg none", true, unsigned(r#"{"alg":"none"}"#), Malformed),
        ("alg None", true, unsigned(r#"{"alg":"None"}"#), Malformed),
        (
            "alg none with a signature",
            true,
            headed(r#"{"alg":"none"}"#),
            Malformed,
        ),
        ("alg empty", true, headed(r#"{"alg":""}"#), Malformed),
        (
            "alg in small letters",
            true,
            headed(r#"{"alg":"hs256"}"#),
            Malformed,
        ),
        ("alg null", true, headed(r#"{"alg":null}"#), Malformed),
        (
            "alg as a list",
            true,
            headed(r#"{"alg":["HS256"]}"#),
            Malformed,
        ),
        ("no alg", true, headed(r#"{"typ":"JWT"}"#), Malformed),
        (
            "HS384 said, HS256 done",
            true,
            headed(r#"{"alg":"HS384"}"#),
            Malformed,
        ),
        ("RS256", true, headed(r#"{"alg":"RS256"}"#), Malformed),
        (
            "ES256 of zeros",
            true,
            format!("{}.{}", message(r#"{"alg":"ES256"}"#), b64([0; 64])),
            Malformed,
        ),
        (
            "alg twice",
            true,
            headed(r#"{"alg":"HS256","alg":"HS256"}"#),
            Malformed,
        ),
        (
            "alg twice, once escaped",
            true,
            headed(r#"{"alg":"HS256","\u0061lg":"none"}"#),
            Malformed,
        ),
        (
            "a header that is a list",
            true,
            headed(r#"["HS256","JWT"]"#),
            Malformed,
        ),
        (
            "a header in a string",
            true,
            headed(r#""{\"alg\":\"HS256\"}""#),
            Malformed,
        ),
        (
            "a header and more",
            true,
            headed(r#"{"alg":"HS256"}{}"#),
            Malformed,
        ),
        (
            "typ of another kind",
            true,
            headed(r#"{"alg":"HS256","typ":"JWE"}"#),
            Malformed,
        ),
        (
            "typ null",
            true,
            headed(r#"{"alg":"HS256","typ":null}"#),
            Malformed,
        ),
        (
            "a nested token",
            true,
            headed(r#"{"alg":"HS256","cty":"JWT"}"#),
            Malformed,
        ),
        (
            "crit",
            true,
            headed(r#"{"alg":"HS256","crit":["exp"],"exp":1}"#),
            Malformed,
        ),
        (
            "crit, empty",
            true,
            headed(r#"{"alg":"HS256","crit":[]}"#),
            Malformed,
        ),
        (
            "unencoded payload",
            true,
            headed(r#"{"alg":"HS256","b64":false,"crit":["b64"]}"#),
            Malformed,
        ),
        (
            "its own key",
            true,
            headed(r#"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#),
            Malformed,
        ),
        (
            "a place of keys",
            true,
            headed(r#"{"alg":"HS256","jku":"https://evil.example/keys"}"#),
            Malformed,
        ),
        (
            "a certificate's place",
            true,
            headed(r#"{"alg":"HS256","x5u":"https://evil.example/c"}"#),
            Malformed,
        ),
        (
            "a certificate",
            true,
            headed(r#"{"alg":"HS256","x5c":["MIIB"]}"#),
            Malformed,
        ),
        (
            "compressed",
            true,
            headed(r#"{"alg":"HS256","zip":"DEF"}"#),
            Malformed,
        ),
        (
            "kid as a path",
            true,
            format!(
                "{}.{}",
                message(r#"{"alg":"HS256","kid":"/dev/null"}"#),
                b64(hs256(b"", &message(r#"{"alg":"HS256","kid":"/dev/null"}"#)))
            ),
            Wrong,
        ),
        (
            "kid as a number",
            true,
            headed(r#"{"alg":"HS256","kid":1}"#),
            Malformed,
        ),
        ("no signature", true, unsigned(HEADER), Malformed),
        ("two parts", true, message(HEADER), Malformed),
        ("four parts", true, format!("{good}.AAAA"), Malformed),
        ("five parts", true, format!("{good}.AAAA.AAAA"), Malformed),
        ("a signature of zeros", true, zeros, Wrong),
        (
            "a shorter signature",
            true,
            format!(
                "{}.{}",
                message(HEADER),
                b64(&hs256(KEY.as_bytes(), &message(HEADER))[..16])
            ),
            Wrong,
        ),
        (
            "a longer signature",
            true,
            format!(
                "{}.{}",
                message(HEADER),
                b64([hs256(KEY.as_bytes(), &message(HEADER)), vec![0]].concat())
            ),
            Wrong,
        ),
        (
            "padding",
            true,
            format!("{}.{}=", message(HEADER), parts[2]),
            Malformed,
        ),
        (
            "padded parts",
            true,
            {
                let message = format!(
                    "{}.{}",
                    URL_SAFE.encode(r#"{"alg":"HS256"}"#),
                    URL_SAFE.encode(&claims)
                );
                format!(
                    "{message}.{}",
                    URL_SAFE.encode(hs256(KEY.as_bytes(), &message))
                )
            },
            Malformed,
        ),
        (
            "the other alphabet",
            true,
            {
                let message = format!(
                    "{}.{}",
                    b64(HEADER),
                    STANDARD.encode(format!("{claims}???>>>"))
                );
                format!("{message}.{}", b64(hs256(KEY.as_bytes(), &message)))
            },
            Malformed,
        ),
        (
            "another key",
            true,
            signed(HEADER, &claims, "another-key-that-nobody-has-configured-1"),
            Wrong,
        ),
        ("the empty key", true, confused(b""), Wrong),
        (
            "the parts of another token",
            true,
            format!(
                "{}.{}.{}",
                parts[0],
                b64(&claims),
                with("order", json!("order-1002"))
                    .split('.')
                    .nth(2)
                    .unwrap()
            ),
            Wrong,
        ),
        (
            "header and payload changed about",
            true,
            format!("{}.{}.{}", parts[1], parts[0], parts[2]),
            Malformed,
        ),
        (
            "the public key as a secret",
            false,
            confused(public.as_bytes()),
            Malformed,
        ),
        (
            "the public key's text as a secret",
            false,
            confused(b64(public).as_bytes()),
            Malformed,
        ),
        (
            "EdDSA said, HS256 done",
            false,
            {
                let message = message(r#"{"alg":"EdDSA"}"#);
                format!("{message}.{}", b64(hs256(public.as_bytes(), &message)))
            },
            Wrong,
        ),
        (
            "Ed25519 as the algorithm",
            false,
            with_ed25519(r#"{"alg":"Ed25519"}"#, &claims),
            Malformed,
        ),
        (
            "a small order's signature",
            false,
            format!(
                "{}.{}",
                message(r#"{"alg":"EdDSA"}"#),
                b64([vec![1], vec![0; 63]].concat())
            ),
            Wrong,
        ),
        (
            "far too long",
            true,
            saying(&format!("{}{}", " ".repeat(8192), claims)),
            Malformed,
        ),
    ];
    assert!(tricks.len() >= 30);
    let (hs256, eddsa) = (of_hs256(), of_eddsa());
    for (name, is_hs256, token, code) in tricks {
        let verifier = if is_hs256 { &hs256 } else { &eddsa };
        match read(verifier, &token) {
            Ok(_) => panic!("{name} was taken: {token}"),
            Err((found, said)) => {
                assert_eq!(found, code, "{name}: {said}");
                assert!(!said.contains(KEY), "{name}: {said}");
            }
        }
    }
}

#[test]
fn tricks_with_claims_are_refused() {
    use RefusalCode::{OrderTokenMalformed as Malformed, OrderTokenWrong as Wrong};
    let tricks: Vec<(&str, String, RefusalCode)> = vec![
        ("no store", with("store", Value::Null), Malformed),
        ("no order", with("order", Value::Null), Malformed),
        ("no amount", with("amount", Value::Null), Malformed),
        ("no currency", with("currency", Value::Null), Malformed),
        ("no exp", with("exp", Value::Null), Malformed),
        ("another store", with("store", json!("garden")), Wrong),
        (
            "the store in capitals",
            with("store", json!("Default")),
            Wrong,
        ),
        (
            "a list of stores",
            with("store", json!(["default"])),
            Malformed,
        ),
        (
            "an amount that is a number",
            with("amount", json!(25)),
            Malformed,
        ),
        (
            "an amount that is a fraction",
            with("amount", json!(25.5)),
            Malformed,
        ),
        (
            "an amount of zero",
            with("amount", json!("0.00")),
            Malformed,
        ),
        (
            "an amount below zero",
            with("amount", json!("-25.00")),
            Malformed,
        ),
        (
            "an amount with a plus",
            with("amount", json!("+25.00")),
            Malformed,
        ),
        (
            "an amount with an exponent",
            with("amount", json!("25e2")),
            Malformed,
        ),
        (
            "an amount with a comma",
            with("amount", json!("25,00")),
            Malformed,
        ),
        (
            "an amount with blanks",
            with("amount", json!(" 25.00")),
            Malformed,
        ),
        (
            "an amount without digits before the point",
            with("amount", json!(".5")),
            Malformed,
        ),
        (
            "an amount with too many decimals",
            with("amount", json!("25.001")),
            Malformed,
        ),
        (
            "an amount of other digits",
            with("amount", json!("２５.00")),
            Malformed,
        ),
        (
            "an endless amount",
            with("amount", json!("9".repeat(200))),
            Malformed,
        ),
        (
            "another currency",
            with("currency", json!("BTC")),
            Malformed,
        ),
        (
            "a currency in small letters",
            with("currency", json!("eur")),
            Malformed,
        ),
        ("an empty order", with("order", json!("")), Malformed),
        (
            "an order that turns the reading direction",
            with("order", json!("a\u{202e}b")),
            Malformed,
        ),
        (
            "an endless order",
            with("order", json!("a".repeat(256))),
            Malformed,
        ),
        ("exp as a text", with("exp", json!("1795253600")), Malformed),
        (
            "exp as a fraction",
            with("exp", json!(1_795_253_600.5)),
            Malformed,
        ),
        (
            "exp as a whole fraction",
            saying(&claims().to_string().replace("1795253600", "1795253600.0")),
            Malformed,
        ),
        (
            "exp with an exponent",
            saying(&claims().to_string().replace("1795253600", "1e10")),
            Malformed,
        ),
        ("exp below zero", with("exp", json!(-1)), Malformed),
        (
            "exp in milliseconds",
            with("exp", json!(1_795_253_600_000_i64)),
            Malformed,
        ),
        (
            "exp beyond any number",
            saying(
                &claims()
                    .to_string()
                    .replace("1795253600", "99999999999999999999999"),
            ),
            Malformed,
        ),
        (
            "exp at the end of the numbers",
            with("exp", json!(u64::MAX)),
            Malformed,
        ),
        (
            "exp a month and a second ahead",
            with("exp", json!(NOW_SECONDS + 30 * 86_400 + 1)),
            Malformed,
        ),
        (
            "exp null",
            saying(&format!("{},\"exp\":null}}", open())),
            Malformed,
        ),
        (
            "exp twice",
            saying(&format!("{},\"exp\":1795253601}}", open())),
            Malformed,
        ),
        (
            "amount twice",
            saying(&format!("{},\"amount\":\"1.00\"}}", open())),
            Malformed,
        ),
        (
            "amount twice, once escaped",
            saying(&format!("{},\"\\u0061mount\":\"1.00\"}}", open())),
            Malformed,
        ),
        (
            "nbf, which would be passed over",
            with("nbf", json!(NOW_SECONDS + 60)),
            Malformed,
        ),
        ("aud", with("aud", json!("default")), Malformed),
        (
            "a list of aud",
            with("aud", json!(["default", "garden"])),
            Malformed,
        ),
        ("iss", with("iss", json!("me")), Malformed),
        ("price", with("price", json!("1.00")), Malformed),
        ("currencies", with("currencies", json!(["BTC"])), Malformed),
        (
            "a prototype",
            with("__proto__", json!({"amount": "1.00"})),
            Malformed,
        ),
        (
            "iat in the future",
            with("iat", json!(NOW_SECONDS + 301)),
            Malformed,
        ),
        ("iat as a text", with("iat", json!("1795250000")), Malformed),
        (
            "a description of nothing to be seen",
            with("description", json!("\u{ad}")),
            Malformed,
        ),
        (
            "an endless description",
            with("description", json!("a".repeat(501))),
            Malformed,
        ),
        (
            "a script as returnUrl",
            with("returnUrl", json!("javascript:alert(1)")),
            Malformed,
        ),
        (
            "a returnUrl without a scheme",
            with("returnUrl", json!("//evil.example/")),
            Malformed,
        ),
        (
            "claims that are a list",
            saying(r#"["default","order-1001","25.00","EUR",1795253600]"#),
            Malformed,
        ),
        ("claims in a string", saying("\"{}\""), Malformed),
        (
            "a token in the token",
            saying(&format!("\"{}\"", good())),
            Malformed,
        ),
        (
            "claims and more",
            saying(&format!("{}{{}}", claims())),
            Malformed,
        ),
        ("claims that break off", saying(&open()), Malformed),
        (
            "claims that are no UTF-8",
            {
                let message = format!(
                    "{}.{}",
                    b64(HEADER),
                    b64([b"{\"store\":\"\xff\"}".as_slice()].concat())
                );
                format!("{message}.{}", b64(hs256(KEY.as_bytes(), &message)))
            },
            Malformed,
        ),
        (
            "claims very deep",
            saying(&format!(
                "{{\"store\":{}1{}}}",
                "[".repeat(1000),
                "]".repeat(1000)
            )),
            Malformed,
        ),
        (
            "a mark before the claims",
            saying(&format!("\u{feff}{}", claims())),
            Malformed,
        ),
    ];
    assert!(tricks.len() >= 30);
    let verifier = of_hs256();
    for (name, token, code) in tricks {
        match read(&verifier, &token) {
            Ok(_) => panic!("{name} was taken: {token}"),
            Err((found, said)) => assert_eq!(found, code, "{name}: {said}"),
        }
    }
}

#[test]
fn a_shop_without_keys_takes_no_token_and_exchanged_keys_count_at_once() {
    let verifier = Verifier::of(None);
    assert_eq!(
        read(&verifier, &good()).unwrap_err().0,
        RefusalCode::OrderTokensNotConfigured
    );
    let tokens = |keys: &[&str]| OrderTokens {
        algorithm: OrderAlgorithm::Hs256,
        keys: keys.iter().map(|key| (*key).into()).collect(),
    };
    verifier.exchange(Some(&tokens(&[KEY])));
    read(&verifier, &good()).unwrap();
    verifier.exchange(Some(&tokens(&[BEFORE])));
    assert_eq!(
        read(&verifier, &good()).unwrap_err().0,
        RefusalCode::OrderTokenWrong
    );
}
