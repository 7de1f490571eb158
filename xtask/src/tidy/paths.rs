//! The rule about documents: a file or directory that one names is there.

/// Where a path that a document names may begin, seen from the root of the checkout.
const BEGINNINGS: &[&str] = &[
    "crates/", "docs/", "npm/", "proxy/", "src/", "style/", "supply/", "tests/", "xtask/",
];
/// What comes from a build, or is a place to be filled.
const ELSEWHERE: &[&str] = &["*", "<", "…", "target/", "dist/"];

/// Adds a sentence for each path in a document that leads nowhere. Decisions are records of their day, and the changelog too.
pub(super) fn check(files: &[(String, String)], broken: &mut Vec<String>) {
    let is_there = |named: &str| {
        let directory = format!("{}/", named.trim_end_matches('/'));
        files
            .iter()
            .any(|(path, _)| path == named || path.starts_with(&directory))
    };
    for (path, text) in files {
        let is_document = path.ends_with(".md") && !path.contains('/') || path.starts_with("docs/");
        if !is_document || path.starts_with("docs/decisions/") || path == "CHANGELOG.md" {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            for named in named(line) {
                if !is_there(&named) {
                    broken.push(format!(
                        "{path}:{number}: names `{named}`, which is not there; name what took its place"
                    ));
                }
            }
        }
    }
}

/// The paths between backticks, each alternative in braces by itself.
fn named(line: &str) -> Vec<String> {
    let quoted = line.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|text| {
        BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
            && !text.contains(' ')
            && !ELSEWHERE.iter().any(|sign| text.contains(sign))
    });
    paths.flat_map(spread).collect()
}

fn spread(path: &str) -> Vec<String> {
    let braces = path
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
    match braces {
        None => vec![path.to_owned()],
        Some((before, (inside, after))) => inside
            .split(',')
            .map(|one| format!("{before}{one}{after}"))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::check;

    fn broken(document: &str, text: &str) -> Vec<String> {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files = [
            file("proxy/src/store/handle.rs", ""),
            file("src/words.rs", ""),
            file(document, text),
        ];
        let mut broken = Vec::new();
        check(&files, &mut broken);
        broken
    }

    #[test]
    fn what_a_document_names_must_be_there() {
        for text in [
            "`src/words.rs` and `proxy/src/store/`",
            "`proxy/src/store/{handle}.rs`",
            "`proxy/src/store`, `target/x`, `src/*.rs`, `src/components/<name>.rs`",
            "`src` is a word; so is src/nothing.rs without ticks",
            "`cargo test`",
        ] {
            assert!(broken("docs/ARCHITECTURE.md", text).is_empty(), "{text}");
        }
        for text in [
            "`src/text.rs`",
            "`proxy/src/store/{handle,gone}.rs`",
            "`proxy/src/stor`",
        ] {
            assert_eq!(broken("README.md", text).len(), 1, "{text}");
        }
        assert!(broken("docs/decisions/0001-x.md", "`src/text.rs`").is_empty());
    }
}
