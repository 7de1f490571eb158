//! Which headers are taken.

use super::{Kind, kind};

const KID: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

#[test]
fn one_header_is_taken_for_each_kind() {
    for expected in [Kind::Invoice, Kind::Receipt] {
        let typ = expected.typ();
        let header = format!(r#"{{"alg":"EdDSA","kid":"{KID}","typ":"{typ}"}}"#);
        assert_eq!(kind(header.as_bytes()), Some(expected));
        for other in [
            header.replace("EdDSA", "none"),
            header.replace("EdDSA", "Ed25519"),
            header.replace("EdDSA", "HS256"),
            header.replace("EdDSA", "eddsa"),
            header.replace(typ, "JWT"),
            header.replace(typ, &typ.to_uppercase()),
            header.replace(KID, &KID[1..]),
            header.replace(KID, &format!("{KID}A")),
            header.replace(KID, &KID.replace('_', "+")),
            header.replace(KID, &KID.replace('_', "\"")),
            header.replace('{', "{ "),
            header.replace("\"alg\"", "\"b64\":false,\"alg\""),
            header.replace('}', ",\"crit\":[]}"),
            header.replace('}', ",\"jwk\":{}}"),
            format!("{header}\n"),
            format!("\u{feff}{header}"),
            String::new(),
        ] {
            assert_eq!(kind(other.as_bytes()), None, "{other}");
        }
    }
}
