//! Things that no reader may believe, made from two that were signed: deterministic, so that each can be made again from its number.

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use calypso_attest::{Kind, signing_input};
use ed25519_dalek::{Signer as _, SigningKey};

/// The key's thumbprint, which is not looked at by who verifies.
const KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
const INVOICE: &str = r#"{"v":1,"store":"shop","checkout":"0d6c3f0e-5a1b-4c7d-8e9f-0123456789ab","invoice":"1d6c3f0e-5a1b-4c7d-8e9f-0123456789ab","network":"tron:0x2b6653dc","token":"TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t","address":"TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8","amount":"27.314","repriceAt":"2026-11-21T08:25:00Z","expiresAt":"2026-11-21T11:10:00.250Z"}"#;
const RECEIPT: &str = r#"{"v":1,"store":"shop","checkout":"0d6c3f0e-5a1b-4c7d-8e9f-0123456789ab","externalId":"1001","description":"Tea \"green\" №1","price":"25","priceCurrency":"EUR","invoice":"1d6c3f0e-5a1b-4c7d-8e9f-0123456789ab","currency":"ETH","network":"eip155:1","token":null,"address":"0xdAC17F958D2ee523a2206206994597C13D831ec7","asked":"0.01","received":"0.01","rate":"2500","fee":"0.0001","transactions":[{"hash":"0xab","amount":"0.01","at":"2026-11-21T08:25:00Z"}],"paidAt":"2026-11-21T08:25:00Z","completedAt":"2026-11-21T08:30:00Z","state":"completed"}"#;

/// The order of the group, least byte first: a signature's number plus it is the same number to whoever does not look.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// One thing that was signed.
pub(crate) struct Good {
    /// What it is.
    pub(crate) kind: Kind,
    /// As it is sent.
    pub(crate) jws: String,
}

impl Good {
    fn new(kind: Kind, payload: &str) -> Self {
        let jws = signed(&key(1), &signing_input(kind, KID, payload));
        Self { kind, jws }
    }

    fn parts(&self) -> [&str; 3] {
        let parts: Vec<&str> = self.jws.split('.').collect();
        parts.try_into().expect("three parts")
    }
}

/// The key that signs.
pub(crate) fn key(seed: u8) -> SigningKey {
    SigningKey::from_bytes(&[seed; 32])
}

/// Both things that were signed.
pub(crate) fn goods() -> [Good; 2] {
    [
        Good::new(Kind::Invoice, INVOICE),
        Good::new(Kind::Receipt, RECEIPT),
    ]
}

fn signed(key: &SigningKey, input: &str) -> String {
    let signature = key.sign(input.as_bytes()).to_bytes();
    format!("{input}.{}", Base64UrlUnpadded::encode_string(&signature))
}

fn decoded(part: &str) -> Vec<u8> {
    Base64UrlUnpadded::decode_vec(part).expect("base64url")
}

fn text(part: &str) -> String {
    String::from_utf8(decoded(part)).expect("text")
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    Base64UrlUnpadded::encode_string(bytes.as_ref())
}

/// Numbers from a seed (splitmix64).
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of this number.
    pub(crate) fn of(number: u64) -> Self {
        Self(number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let end = u64::try_from(end).expect("small");
        usize::try_from((z ^ (z >> 31)) % end).expect("below the end")
    }

    fn of_list<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

/// The thing with one bit of a part turned.
pub(crate) fn with_bit(good: &Good, part: usize, bit: usize) -> String {
    let mut parts = good.parts().map(str::to_owned);
    let mut bytes = decoded(&parts[part]);
    bytes[bit / 8] ^= 1 << (bit % 8);
    parts[part] = encoded(bytes);
    parts.join(".")
}

/// How many bits a part has.
pub(crate) fn bits(good: &Good, part: usize) -> usize {
    decoded(good.parts()[part]).len() * 8
}

type Way = fn(&mut Random, &Good, &Good) -> String;

/// The ways, with their names.
pub(crate) const WAYS: [(&str, Way); 16] = [
    ("a bit of the header", |random, good, _| {
        a_bit(random, good, 0)
    }),
    ("a bit of the payload", |random, good, _| {
        a_bit(random, good, 1)
    }),
    ("a bit of the signature", |random, good, _| {
        a_bit(random, good, 2)
    }),
    ("a character replaced", replaced),
    ("a character added", added),
    ("a character taken", taken),
    ("two characters exchanged", exchanged),
    ("another value", another_value),
    ("members in disorder", in_disorder),
    ("parts of another", of_another),
    ("another's key", of_anothers_key),
    ("another algorithm", another_algorithm),
    ("a number plus the order", plus_the_order),
    ("cut or repeated", cut),
    // What a general library takes: the signature is right, and the bytes or the spelling are not those that are written here.
    ("lenient: spelled otherwise in base64", in_other_base64),
    ("lenient: signed and spelled otherwise", spelled_otherwise),
];

/// The mutant with this number: its way, and what is sent.
pub(crate) fn mutant(number: u64, goods: &[Good; 2]) -> (&'static str, String) {
    let mut random = Random::of(number);
    let ways = u64::try_from(WAYS.len()).expect("few");
    let way = usize::try_from(number % ways).expect("few");
    let which = random.below(2);
    let (good, other) = (&goods[which], &goods[1 - which]);
    let (name, make) = WAYS[way];
    loop {
        let made = make(&mut random, good, other);
        if goods.iter().all(|good| good.jws != made) {
            return (name, made);
        }
    }
}

fn a_bit(random: &mut Random, good: &Good, part: usize) -> String {
    let bit = random.below(bits(good, part));
    with_bit(good, part, bit)
}

const CHARACTERS: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \n\t\"{}~\0";

fn character(random: &mut Random) -> char {
    char::from(CHARACTERS[random.below(CHARACTERS.len())])
}

fn replaced(random: &mut Random, good: &Good, _: &Good) -> String {
    let mut all: Vec<char> = good.jws.chars().collect();
    let at = random.below(all.len());
    all[at] = character(random);
    all.into_iter().collect()
}

fn added(random: &mut Random, good: &Good, _: &Good) -> String {
    let mut made = good.jws.clone();
    made.insert(random.below(made.len() + 1), character(random));
    made
}

fn taken(random: &mut Random, good: &Good, _: &Good) -> String {
    let mut made = good.jws.clone();
    made.remove(random.below(made.len()));
    made
}

fn exchanged(random: &mut Random, good: &Good, _: &Good) -> String {
    let mut all: Vec<char> = good.jws.chars().collect();
    let (one, other) = (random.below(all.len()), random.below(all.len()));
    all.swap(one, other);
    all.into_iter().collect()
}

/// The pieces of a payload, a member each, without the braces around them.
fn members(payload: &str) -> Vec<String> {
    let inner = payload.trim_start_matches('{').trim_end_matches('}');
    inner.split(",\"").map(str::to_owned).collect()
}

fn payload_of(members: &[String]) -> String {
    format!("{{{}}}", members.join(",\""))
}

fn another_value(random: &mut Random, good: &Good, _: &Good) -> String {
    let [header, payload, signature] = good.parts();
    let mut members = members(&text(payload));
    let at = random.below(members.len());
    let value = random.of_list(&[
        "\"TJRabPrwbZy45sbavfcjinPJC18kjpRTv8\"",
        "\"0x0000000000000000000000000000000000000001\"",
        "\"0.01\"",
        "\"27.315\"",
        "\"2999-01-01T00:00:00Z\"",
        "\"eip155:56\"",
        "\"other\"",
        "null",
        "1",
        "true",
        "[]",
        "{}",
        "\"\"",
    ]);
    let name = members[at]
        .split("\":")
        .next()
        .unwrap_or_default()
        .to_owned();
    members[at] = format!("{name}\":{value}");
    [header, &encoded(payload_of(&members)), signature].join(".")
}

fn in_disorder(random: &mut Random, good: &Good, _: &Good) -> String {
    let [header, payload, signature] = good.parts();
    let mut members = members(&text(payload));
    let (one, other) = (random.below(members.len()), random.below(members.len()));
    match random.below(3) {
        0 => members.swap(one, other),
        1 => {
            members.remove(one);
        }
        _ => members.insert(one, members[other].clone()),
    }
    [header, &encoded(payload_of(&members)), signature].join(".")
}

fn of_another(random: &mut Random, good: &Good, other: &Good) -> String {
    let payload = text(good.parts()[1])
        .replace("27.314", "1")
        .replace("0.01", "9");
    let cheaper = Good::new(good.kind, &payload);
    let all = [good, other, &cheaper];
    let mut part = |at: usize| all[random.below(all.len())].parts()[at];
    let made = [part(0), part(1), part(2)].join(".");
    // A whole one is signed: what its facts are is the reader's to compare.
    if made == cheaper.jws {
        return good.jws.clone();
    }
    made
}

fn of_anothers_key(random: &mut Random, good: &Good, _: &Good) -> String {
    let [header, payload, _] = good.parts();
    let seed = u8::try_from(2 + random.below(250)).expect("a byte");
    signed(&key(seed), &format!("{header}.{payload}"))
}

fn another_algorithm(random: &mut Random, good: &Good, _: &Good) -> String {
    let typ = good.kind.typ();
    let attacker = key(7);
    let x = encoded(attacker.verifying_key().as_bytes());
    let jwk = format!(r#""jwk":{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#);
    let alg = random.of_list(&[
        "none", "None", "HS256", "HS512", "ES256", "RS256", "PS256", "Ed25519", "EdDSA", "eddsa",
    ]);
    let header = match random.below(5) {
        0 => format!(r#"{{"alg":"{alg}","kid":"{KID}","typ":"{typ}"}}"#),
        1 => format!(r#"{{"alg":"{alg}"}}"#),
        2 => format!(r#"{{"alg":"{alg}",{jwk},"typ":"{typ}"}}"#),
        3 => format!(r#"{{"alg":"{alg}","jku":"https://evil.example/keys","kid":"{KID}"}}"#),
        _ => format!(r#"{{"alg":"{alg}","kid":"{KID}","b64":false,"crit":["b64"],"typ":"{typ}"}}"#),
    };
    let input = format!("{}.{}", encoded(header), good.parts()[1]);
    match random.below(4) {
        0 => format!("{input}."),
        1 => format!("{input}.{}", good.parts()[2]),
        2 => format!("{input}.{}", encoded([0; 32])),
        _ => signed(&attacker, &input),
    }
}

fn plus_the_order(random: &mut Random, good: &Good, _: &Good) -> String {
    let [header, payload, signature] = good.parts();
    let mut bytes = decoded(signature);
    for _ in 0..=random.below(8) {
        let mut carry = 0;
        for (byte, more) in bytes[32..].iter_mut().zip(ORDER) {
            let sum = u16::from(*byte) + u16::from(more) + carry;
            let [low, high] = sum.to_le_bytes();
            (*byte, carry) = (low, u16::from(high));
        }
    }
    [header, payload, &encoded(bytes)].join(".")
}

fn cut(random: &mut Random, good: &Good, _: &Good) -> String {
    let at = random.below(good.jws.len());
    match random.below(4) {
        0 => good.jws[..at].to_owned(),
        1 => good.jws[at..].to_owned(),
        2 => format!("{}{}", good.jws, &good.jws[at..]),
        _ => {
            let [header, payload, signature] = good.parts();
            format!(r#"{{"protected":"{header}","payload":"{payload}","signature":"{signature}"}}"#)
        }
    }
}

fn in_other_base64(random: &mut Random, good: &Good, _: &Good) -> String {
    let [header, payload, signature] = good.parts();
    let bytes = decoded(signature);
    let other = match random.below(4) {
        0 => format!("{signature}=="),
        1 => Base64::encode_string(&bytes),
        2 => {
            let mut spaced = signature.to_owned();
            let blank = random.of_list(&[" ", "\n", "\t", "\r\n"]);
            spaced.insert_str(random.below(signature.len() + 1), blank);
            spaced
        }
        // Bits behind the end.
        _ => {
            let alphabet = &CHARACTERS[..64];
            let last = signature.bytes().last().unwrap_or_default();
            let value = alphabet
                .iter()
                .position(|known| *known == last)
                .unwrap_or(0);
            let bits = 1 + random.below(15);
            format!("{}{}", &signature[..85], char::from(alphabet[value | bits]))
        }
    };
    [header, payload, &other].join(".")
}

fn spelled_otherwise(random: &mut Random, good: &Good, _: &Good) -> String {
    let payload = text(good.parts()[1]);
    let typ = good.kind.typ();
    let header = text(good.parts()[0]);
    let mut members = members(&payload);
    let at = 1 + random.below(members.len() - 1);
    let (header, payload) = match random.below(12) {
        0 => (header, payload.replacen(':', ": ", 1 + at)),
        1 => (header, payload.replacen(",\"", ", \"", 1 + at)),
        2 => (header, format!(" {payload}")),
        3 => (header, format!("{payload}\n")),
        4 => (header, payload.replacen("\"v\":1", "\"v\":2", 1)),
        5 => (header, payload.replacen("shop", "\\u0073hop", 1)),
        6 => {
            members.swap(at, 0);
            (header, payload_of(&members))
        }
        7 => {
            members.push("extra\":1".to_owned());
            (header, payload_of(&members))
        }
        8 => {
            members.push(members[at].clone());
            (header, payload_of(&members))
        }
        9 => {
            let other = match good.kind {
                Kind::Invoice => Kind::Receipt.typ(),
                Kind::Receipt => Kind::Invoice.typ(),
            };
            (header.replace(typ, other), payload)
        }
        10 => (
            format!(r#"{{"typ":"{typ}","kid":"{KID}","alg":"EdDSA"}}"#),
            payload,
        ),
        _ => (header.replace(",", ", "), payload),
    };
    signed(
        &key(1),
        &format!("{}.{}", encoded(header), encoded(payload)),
    )
}
