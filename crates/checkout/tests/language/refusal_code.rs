//! The names of errors, their HTTP statuses, and names of a later time.

use std::collections::HashSet;

use checkout::RefusalCode;

#[test]
fn every_code_has_a_word_a_status_and_a_meaning_of_its_own() {
    let (mut words, mut meanings) = (HashSet::new(), HashSet::new());
    for code in RefusalCode::KNOWN {
        let word = code.as_str();
        assert!(words.insert(word), "{word}");
        assert!(meanings.insert(code.meaning()), "{word}");
        assert!(
            word.bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_'),
            "{word} is snake_case"
        );
        assert!(code.meaning().ends_with('.'), "{word} has a sentence");
        assert!((400..600).contains(&code.http_status()), "{word}");
        assert_eq!(RefusalCode::from(word), *code);
        assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{word}\""));
        assert_eq!(
            serde_json::from_str::<RefusalCode>(&format!("\"{word}\"")).unwrap(),
            *code
        );
    }
}

#[test]
fn an_unknown_code_is_kept() {
    let code: RefusalCode = serde_json::from_str("\"from_the_future\"").unwrap();
    assert_eq!(code, RefusalCode::Unknown(String::from("from_the_future")));
    assert_eq!(serde_json::to_string(&code).unwrap(), "\"from_the_future\"");
    assert_eq!(code.http_status(), 500);
    assert_eq!(code.meaning(), "");
    assert!(serde_json::from_str::<RefusalCode>("7").is_err());
}
