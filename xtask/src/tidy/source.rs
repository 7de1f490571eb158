//! Rules about source files: their length, their first line, and words that must not stand in them.

/// Lines of a file, tests not counted.
const LONGEST: usize = 400;

/// Files that may ask the machine for the time; everything else is given it.
const CLOCKS: &[&str] = &["clock.rs"];

/// Where no number with a floating point may stand: everything that ever touches an amount.
const EXACT: &[&str] = &["crates/", "proxy/src/"];

/// What is there of meters and traces: seconds and shares, and never an amount.
const MEASURED: &[&str] = &["proxy/src/meters/made.rs", "proxy/src/traces.rs"];

/// Adds a sentence for each broken rule of one file.
pub(super) fn check(path: &str, text: &str, broken: &mut Vec<String>) {
    let Some(language) = Language::of(path) else {
        return;
    };
    first_line(path, text, language, broken);
    let shipped = without_tests(path, text);
    let length = shipped.lines().count();
    if length > LONGEST {
        broken.push(format!(
            "{path}: {length} lines; a file of more than {LONGEST} is about more than one noun"
        ));
    }
    names(path, broken);
    for (number, line) in (1..).zip(text.lines()) {
        let mut say = |what: &str| broken.push(format!("{path}:{number}: {what}"));
        let code = language.code(line);
        in_every_line(code, language, &mut say);
        if language == Language::Rust && number <= length {
            in_shipped_rust(path, code, &mut say);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    Rust,
    Script,
    Style,
}

impl Language {
    fn of(path: &str) -> Option<Language> {
        match path.rsplit('.').next()? {
            "rs" => Some(Language::Rust),
            "js" | "mjs" => Some(Language::Script),
            "css" => Some(Language::Style),
            _ => None,
        }
    }

    /// The line without its comment, as far as that can be said without a parser.
    fn code(self, line: &str) -> &str {
        if self == Language::Style {
            return line;
        }
        let mut from = 0;
        while let Some(at) = line[from..].find("//") {
            let at = from + at;
            // `https://` is no comment.
            if !line[..at].ends_with(':') {
                return &line[..at];
            }
            from = at + 2;
        }
        line
    }
}

fn first_line(path: &str, text: &str, language: Language, broken: &mut Vec<String>) {
    let (sign, name) = match language {
        Language::Rust => ("//! ", "//!"),
        Language::Script => ("//", "//"),
        Language::Style => ("/* ", "/*"),
    };
    let first = text.lines().next().unwrap_or_default();
    if !first.starts_with(sign) || first.len() < sign.len() + 10 {
        broken.push(format!(
            "{path}:1: the first line must say what the file is for, after `{name}`"
        ));
    }
}

fn names(path: &str, broken: &mut Vec<String>) {
    let file = path.rsplit('/').next().unwrap_or(path);
    if file == "mod.rs" {
        broken.push(format!(
            "{path}: name it after its noun, beside its directory"
        ));
    }
    let stem = file.split('.').next().unwrap_or(file);
    if [
        "data", "manager", "helper", "helpers", "util", "utils", "misc", "common",
    ]
    .contains(&stem)
    {
        broken.push(format!(
            "{path}: {stem} says nothing; name it after what it is about"
        ));
    }
}

/// What stands before a file's own tests; files that are tests are their own end.
fn without_tests<'a>(path: &str, text: &'a str) -> &'a str {
    let is_test = path.contains("/tests/")
        || path.starts_with("tests/")
        || path.ends_with("/tests.rs")
        // What every database has to do, which each of them runs as its tests.
        || path.starts_with("proxy/src/store/suite")
        || path.ends_with(".test.mjs");
    if is_test {
        return "";
    }
    // A module of tests in a file of its own does not end the file.
    text.find("#[cfg(test)]\nmod tests {")
        .map_or(text, |tests| &text[..tests])
}

fn in_every_line(code: &str, language: Language, say: &mut impl FnMut(&str)) {
    // Spelled in two halves, or this file would break its own rules.
    let words: &[(&str, &str)] = match language {
        Language::Rust => &[
            (concat!("to", "do!("), "unfinished code is not committed"),
            (
                concat!("unimpl", "emented!("),
                "unfinished code is not committed",
            ),
            (concat!("#[ign", "ore"), "no test is skipped"),
        ],
        Language::Script => &[
            (concat!(".sk", "ip("), "no test is skipped"),
            (concat!(".on", "ly("), "no test runs alone"),
            (concat!(".to", "do("), "unfinished tests are not committed"),
        ],
        Language::Style => &[
            (concat!("@imp", "ort"), "a stylesheet asks for nothing"),
            (concat!("ur", "l("), "a stylesheet asks for nothing"),
        ],
    };
    for (word, why) in words {
        if code.contains(word) {
            say(&format!("`{word}`: {why}"));
        }
    }
    for place in [
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/wo", "rk/"),
    ] {
        if code.contains(place) {
            say(&format!("`{place}`: the path of one machine"));
        }
    }
}

fn in_shipped_rust(path: &str, code: &str, say: &mut impl FnMut(&str)) {
    if code.contains(concat!(".unw", "rap()")) {
        say("`unwrap` outside a test: name the failure, or `expect` why it cannot happen");
    }
    let file = path.rsplit('/').next().unwrap_or(path);
    let is_shipped =
        path.starts_with("crates/") || path.starts_with("proxy/src/") || path.starts_with("src/");
    if is_shipped && !CLOCKS.contains(&file) {
        for clock in [
            "SystemTime::now",
            "Timestamp::now",
            "Date::now",
            "Date::new_0",
        ] {
            if code.contains(clock) {
                say(&format!("`{clock}` outside clock.rs: the time is given"));
            }
        }
    }
    if EXACT.iter().any(|exact| path.starts_with(exact))
        && !MEASURED.contains(&path)
        && (has_float(code, "f64") || has_float(code, "f32"))
    {
        say("a floating point number where amounts pass");
    }
}

/// The type's name as a word, or behind an underscore as in `as_f64`; not inside a hexadecimal number. A visitor that must
/// accept a number only to drop it names its argument `_`.
fn has_float(code: &str, name: &str) -> bool {
    if code.contains("fn visit_f64<E>(self, _: f64)") {
        return false;
    }
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + name.len()..].chars().next();
        !before.is_some_and(|c| c.is_ascii_alphanumeric())
            && !after.is_some_and(|c| c.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::check;

    fn broken(path: &str, text: &str) -> Vec<String> {
        let mut broken = Vec::new();
        check(
            path,
            &format!("//! What this file is for.\n{text}"),
            &mut broken,
        );
        broken
    }

    #[test]
    fn floats_are_found_where_amounts_pass_and_nowhere_else() {
        for text in ["let a: f64 = 1.0;", "v.as_f64()", "fn f(a: f32)"] {
            assert_eq!(
                broken("crates/checkout/src/amount.rs", text).len(),
                1,
                "{text}"
            );
            assert!(broken("src/countdown.rs", text).is_empty(), "{text}");
        }
        for text in [
            "let a = 0x1f64;",
            "// never an f64",
            "let of64 = 1;",
            "fn visit_f64<E>(self, _: f64) {",
        ] {
            assert!(
                broken("crates/checkout/src/amount.rs", text).is_empty(),
                "{text}"
            );
        }
    }

    #[test]
    fn each_rule_finds_its_case() {
        let cases = [
            ("proxy/src/store.rs", concat!("a.unw", "rap();")),
            ("proxy/src/store.rs", "let now = SystemTime::now();"),
            ("src/screens.rs", concat!("to", "do!()")),
            ("crates/calypso/tests/sign.rs", concat!("#[ign", "ore]")),
            ("crates/calypso/src/utils.rs", ""),
            ("crates/calypso/src/mod.rs", ""),
        ];
        for (path, text) in cases {
            assert_eq!(broken(path, text).len(), 1, "{path}: {text}");
        }
        assert!(broken("proxy/src/clock.rs", "SystemTime::now()").is_empty());
        assert!(
            broken(
                "proxy/src/store.rs",
                "#[cfg(test)]\nmod tests {\n a.unwrap();\n}"
            )
            .is_empty()
        );
        assert_eq!(broken("proxy/src/store.rs", &"a();\n".repeat(401)).len(), 1);
        assert!(broken("proxy/src/tests.rs", &"a();\n".repeat(401)).is_empty());
    }

    #[test]
    fn a_file_without_its_sentence_is_found() {
        let mut broken = Vec::new();
        check("src/a.rs", "use a::b;\n", &mut broken);
        check("src/b.rs", "//! \u{2026}\n", &mut broken);
        check("style/a.css", ":host {}\n", &mut broken);
        assert_eq!(broken.len(), 3, "{broken:?}");
    }
}
