//! The rule about the gateway reference: each section that a file cites stands in it.

use std::collections::BTreeSet;

/// The reference, whose sections are cited by their numbers everywhere else.
const REFERENCE: &str = "docs/gateway.md";

/// Adds a sentence for each cited section that the reference does not have.
///
/// The sign of a section means the gateway reference in the whole repository, so a list («§2.9, §4.2») and a name that is broken
/// over two lines («gateway» on one, «reference §2.20» on the next) need no understanding: each number is looked up by itself. The
/// end of a range is looked up too («§2.16–2.18»).
pub(super) fn check(files: &[(String, String)], broken: &mut Vec<String>) {
    let reference = files.iter().find(|(path, _)| path == REFERENCE);
    let reference = reference.map_or("", |(_, text)| text.as_str());
    let sections = sections(reference);
    for (path, text) in files {
        for (number, line) in (1..).zip(text.lines()) {
            for cited in cited(line) {
                if !sections.contains(cited) {
                    broken.push(format!(
                        "{path}:{number}: {REFERENCE} has no §{cited}; sections of other documents are cited by the word"
                    ));
                }
            }
        }
    }
}

/// The numbers of all headings, and those of the open questions in the list of the eighth.
fn sections(reference: &str) -> BTreeSet<String> {
    let mut sections = BTreeSet::new();
    let mut above = "";
    for line in reference.lines() {
        if let Some(heading) = line.strip_prefix("##") {
            let heading = heading.trim_start_matches('#').trim_start();
            let number = digits(heading);
            if !number.is_empty() {
                sections.insert(number.to_owned());
            }
            above = number;
        } else if above == "8" {
            let number = digits(line);
            if !number.is_empty() && line[number.len()..].starts_with(". ") {
                sections.insert(format!("{above}.{number}"));
            }
        }
    }
    sections
}

/// Every number after a section's sign in one line, and the second one of a range.
fn cited(line: &str) -> Vec<&str> {
    let mut cited = Vec::new();
    for after in line.split('§').skip(1) {
        let first = digits(after);
        if first.is_empty() {
            continue;
        }
        cited.push(first);
        let rest = &after[first.len()..];
        let range = rest.strip_prefix(['-', '\u{2013}']);
        let last = range.map_or("", digits);
        if !last.is_empty() {
            cited.push(last);
        }
    }
    cited
}

/// The number a text begins with: digits with dots between them, without the dot that ends a sentence.
fn digits(text: &str) -> &str {
    let end = text
        .find(|sign: char| !sign.is_ascii_digit() && sign != '.')
        .unwrap_or(text.len());
    text[..end].trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::{REFERENCE, check, cited};

    /// A text with `%` in the place of the sign, which would make this file cite what it tests.
    fn signed(text: &str) -> String {
        text.replace('%', "\u{a7}")
    }

    fn broken(text: &str) -> Vec<String> {
        let reference = "# The reference\n## 1. Basics\n### 1.1 Hosts\n### 1.10 Dates\n## 8. Open\n1. One\n2. Two\n";
        let files = [
            (REFERENCE.to_owned(), reference.to_owned()),
            ("src/a.rs".to_owned(), signed(text)),
        ];
        let mut broken = Vec::new();
        check(&files, &mut broken);
        broken
    }

    #[test]
    fn a_section_that_is_not_there_is_refused() {
        for text in ["%2", "%1.2", "%1.100", "%1.1.1", "%8.3"] {
            let found = broken(&format!("// One line.\n// gateway reference {text}."));
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].starts_with("src/a.rs:2: "), "{found:?}");
        }
        for text in ["%1", "%1.1", "%1.10", "%8", "%8.2"] {
            let found = broken(&format!("// gateway reference {text}."));
            assert!(found.is_empty(), "{text}: {found:?}");
        }
    }

    #[test]
    fn each_section_of_a_list_and_both_ends_of_a_range_are_looked_up() {
        let numbers = |text: &str| cited(&signed(text)).join(" ");
        assert_eq!(numbers("(%2.9, %4.2): see %7."), "2.9 4.2 7");
        assert_eq!(numbers("«%2.7» and %6's"), "2.7 6");
        assert_eq!(numbers("%5.1\u{2013}5.3, %2.1-2.4"), "5.1 5.3 2.1 2.4");
        assert_eq!(numbers("%7.2, 0.995 of the amount - 3"), "7.2");
        assert_eq!(numbers("| % | what |"), "");
        assert_eq!(broken("// %1.1-1.9").len(), 1);
    }

    #[test]
    fn a_name_broken_over_two_lines_is_looked_up_where_its_number_stands() {
        let found = broken("/// As it is documented (gateway\n/// reference %2.20).\n");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("src/a.rs:2: "), "{found:?}");
    }

    #[test]
    fn without_the_reference_every_citation_is_refused() {
        let mut broken = Vec::new();
        check(&[("src/a.rs".to_owned(), signed("// %1.1"))], &mut broken);
        assert_eq!(broken.len(), 1, "{broken:?}");
    }
}
