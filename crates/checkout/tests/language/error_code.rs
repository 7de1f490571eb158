//! The names of errors, their HTTP statuses, and names of a later time.

use std::collections::HashSet;

use checkout::ErrorCode;

#[test]
fn every_code_has_a_word_a_status_and_a_meaning_of_its_own() {
    let (mut words, mut meanings) = (HashSet::new(), HashSet::new());
    for code in ErrorCode::ALL {
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
        assert_eq!(ErrorCode::from(word), *code);
        assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{word}\""));
        assert_eq!(
            serde_json::from_str::<ErrorCode>(&format!("\"{word}\"")).unwrap(),
            *code
        );
    }
}

#[test]
fn an_unknown_code_is_kept() {
    let code: ErrorCode = serde_json::from_str("\"from_the_future\"").unwrap();
    assert_eq!(code, ErrorCode::Other(String::from("from_the_future")));
    assert_eq!(serde_json::to_string(&code).unwrap(), "\"from_the_future\"");
    assert_eq!(code.http_status(), 500);
    assert_eq!(code.meaning(), "");
    assert!(serde_json::from_str::<ErrorCode>("7").is_err());
}
