//! The rule about the store's seam: only the SQLite database and the tests of its file know SQL.

/// Where SQL may stand.
const HOMES: &[&str] = &[
    "proxy/src/store/sqlite",
    "proxy/src/store/postgres",
    "proxy/tests/it/sqlite",
    "proxy/tests/it/postgres",
    "xtask/postgres/tests",
];

/// What shows that somebody speaks it. Spelled in two halves, or this file would break its own rule.
const WORDS: &[&str] = &[
    concat!("rusq", "lite"),
    concat!("query", "_row"),
    concat!("SEL", "ECT "),
    concat!("INSERT", " INTO "),
    concat!("DELETE", " FROM "),
];

/// Adds a sentence for each line of Rust that knows which database there is, where that must not matter.
pub(super) fn check(path: &str, text: &str, broken: &mut Vec<String>) {
    if !path.ends_with(".rs") || HOMES.iter().any(|home| is_in(path, home)) {
        return;
    }
    for (number, line) in (1..).zip(text.lines()) {
        let code = line.split("//").next().unwrap_or_default();
        if let Some(word) = WORDS.iter().find(|word| code.contains(**word)) {
            broken.push(format!(
                "{path}:{number}: `{}` outside {}: ask the store in its own words, a test by `Proxy::books` or as the merchant",
                word.trim_end(),
                HOMES.join(" and ")
            ));
        }
    }
}

/// Whether a path is a room's own file or a file in it.
fn is_in(path: &str, home: &str) -> bool {
    let rest = path.strip_prefix(home);
    rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::{WORDS, check};

    #[test]
    fn sql_is_found_outside_its_homes_and_nowhere_else() {
        for word in WORDS {
            let text = format!("//! What this file is for.\nlet a = \"{word}\";\n");
            let broken = |path| {
                let mut broken = Vec::new();
                check(path, &text, &mut broken);
                broken
            };
            for path in [
                "proxy/src/store/suite/keys.rs",
                "proxy/src/store/sqlite_file.rs",
                "proxy/tests/it/polling.rs",
                "proxy/examples/bench/flood.rs",
                "xtask/src/bench.rs",
            ] {
                let told = broken(path);
                assert_eq!(told.len(), 1, "{path}: {word}");
                assert!(told[0].starts_with(&format!("{path}:2: ")), "{told:?}");
            }
            for path in [
                "proxy/src/store/sqlite.rs",
                "proxy/src/store/sqlite/row.rs",
                "proxy/tests/it/sqlite.rs",
                "proxy/tests/it/sqlite/upgrades.rs",
                "docs/decisions/0031-store.md",
            ] {
                assert!(broken(path).is_empty(), "{path}: {word}");
            }
        }
        let mut broken = Vec::new();
        let remark = format!("// {} is for others\n", WORDS[0]);
        check("proxy/src/store.rs", &remark, &mut broken);
        assert!(broken.is_empty());
    }
}
