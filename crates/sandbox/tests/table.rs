//! Keeps `docs/CALYPSO.md` honest: what it names exists, no cell is empty, and nothing of the gateway reference is left out.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The sections of the gateway reference that describe something: those with three signs in their heading, and those with two
/// that are not divided further. What the page says of itself (0) and its open questions (8) are neither.
fn sections() -> Vec<String> {
    let reference = read("docs/gateway.md");
    let numbers = reference.lines().filter_map(|line| {
        let heading = line
            .strip_prefix("### ")
            .or_else(|| line.strip_prefix("## "))?;
        let number = heading.split(' ').next()?.trim_end_matches('.');
        number
            .starts_with(|sign: char| sign.is_ascii_digit())
            .then(|| number.to_owned())
    });
    let numbers: Vec<String> = numbers.collect();
    let divided = |number: &str| {
        let start = format!("{number}.");
        numbers.iter().any(|other| other.starts_with(&start))
    };
    let described = numbers
        .iter()
        .filter(|number| !divided(number) && !["0", "8"].contains(&number.as_str()));
    described.cloned().collect()
}

/// The numbers of the open questions in §8.
fn questions() -> Vec<String> {
    let reference = read("docs/gateway.md");
    let (_, list) = reference
        .split_once("\n## 8. ")
        .expect("the open questions");
    let numbers = list.lines().filter_map(|line| line.split_once(". "));
    let numbers = numbers.filter(|(number, _)| number.parse::<usize>().is_ok());
    numbers.map(|(number, _)| format!("8.{number}")).collect()
}

/// The rows of every table: the line's number, the header's first cell, the cells.
fn rows() -> Vec<(usize, String, Vec<String>)> {
    let page = read("docs/CALYPSO.md");
    let (mut rows, mut header) = (Vec::new(), None::<Vec<String>>);
    for (number, line) in page.lines().enumerate() {
        let Some(line) = line
            .strip_prefix('|')
            .and_then(|line| line.strip_suffix('|'))
        else {
            header = None;
            continue;
        };
        // A bar inside a cell is written `\|`.
        let cells = line.replace("\\|", "\0");
        let cells = cells.split('|').map(|cell| cell.trim().replace('\0', "|"));
        let cells: Vec<String> = cells.collect();
        let Some(header) = &header else {
            header = Some(cells);
            continue;
        };
        if cells
            .iter()
            .all(|cell| cell.chars().all(|sign| sign == '-'))
        {
            continue;
        }
        assert_eq!(cells.len(), header.len(), "line {}: {line}", number + 1);
        rows.push((number + 1, header[0].clone(), cells));
    }
    assert!(rows.len() > 150, "only {} rows were read", rows.len());
    rows
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// Every Rust source below a directory.
fn sources(directory: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), vec![root().join(directory)]);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a directory");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(fs::read_to_string(&path).expect("a source"));
        }
    }
    found
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part =
        |sign: Option<char>| sign.is_some_and(|sign| sign.is_alphanumeric() || sign == '_');
    text.match_indices(word).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + word.len()..]);
        !is_part(before.chars().next_back()) && !is_part(after.chars().next())
    })
}

#[test]
fn no_cell_is_empty() {
    for (line, _, cells) in rows() {
        for cell in cells {
            let says = cell.chars().filter(|sign| sign.is_alphanumeric()).count();
            assert!(says > 0, "line {line} has an empty cell");
        }
    }
}

#[test]
fn every_row_names_tests_and_they_exist() {
    for (line, header, cells) in rows() {
        if header == "question" || header == "statement" {
            continue;
        }
        let shown_by = cells.last().expect("a last cell");
        assert!(quoted(shown_by).count() > 0, "line {line} names no test");
        for test in quoted(shown_by) {
            let mut parts: Vec<&str> = test.split("::").collect();
            let name = parts.pop().expect("a name");
            let path = match parts[..] {
                ["sandbox", "model"] => "crates/sandbox/tests/model/main.rs".to_owned(),
                ["sandbox", "program"] => "crates/sandbox/tests/program.rs".to_owned(),
                ["checkout", file] => format!("crates/checkout/tests/language/{file}.rs"),
                [package @ ("sandbox" | "calypso"), ref module @ .., "tests"] => {
                    format!("crates/{package}/src/{}.rs", module.join("/"))
                }
                [package @ ("sandbox" | "calypso"), file] => {
                    format!("crates/{package}/tests/it/{file}.rs")
                }
                _ => panic!("line {line}: {test} is no name of a test"),
            };
            let source = read(&path);
            assert!(
                source.contains(&format!("fn {name}(")),
                "line {line}: {path} has no test {name}"
            );
        }
    }
}

#[test]
fn every_method_type_and_file_exists() {
    let calypso = sources("crates/calypso/src");
    let checkout = sources("crates/checkout/src");
    let sources: Vec<&String> = calypso.iter().chain(&checkout).collect();
    for (line, header, cells) in rows() {
        if header == "question" || header == "statement" {
            continue;
        }
        let (_, cells) = cells.split_last().expect("cells");
        for code in cells.iter().flat_map(|cell| quoted(cell)) {
            if code.starts_with("crates/") || code.starts_with("tests/") {
                assert!(
                    root().join(code).exists(),
                    "line {line}: there is no {code}"
                );
            } else if let Some(method) = code.strip_prefix("Client::") {
                let signature = format!("pub async fn {method}(");
                let builder = method == "builder";
                let is_there = calypso.iter().any(|source| source.contains(&signature));
                assert!(
                    builder || is_there,
                    "line {line}: the client has no method {method}"
                );
            } else if let Some((owner, member)) = code.rsplit_once("::") {
                let owner = owner.rsplit("::").next().expect("a last part");
                let together =
                    |source: &&&String| has_word(source, member) && has_word(source, owner);
                let is_module = owner == "checkout" || owner == "calypso" || owner == "sign";
                let is_there = if is_module {
                    sources.iter().any(|source| has_word(source, member))
                } else {
                    sources.iter().any(|source| together(&source))
                };
                assert!(is_there, "line {line}: there is no {code}");
            }
        }
    }
}

#[test]
fn every_statement_has_its_state_and_a_file_that_shows_it() {
    let statements = rows()
        .into_iter()
        .filter(|(_, header, _)| header == "statement");
    let mut count = 0;
    for (line, _, cells) in statements {
        let [_, document, state, places] = &cells[..] else {
            panic!("line {line} has other columns");
        };
        assert!(
            ["S0", "S1", "S2", "S3", "S4"].contains(&document.as_str()),
            "line {line}: {document}"
        );
        let known = ["done: ", "client and sandbox: done; ", "left out: "];
        assert!(
            known.iter().any(|start| state.starts_with(start)),
            "line {line}: {state}"
        );
        assert!(quoted(places).count() > 0, "line {line} names no file");
        for place in quoted(places) {
            assert!(
                root().join(place).is_file(),
                "line {line}: there is no {place}"
            );
        }
        count += 1;
    }
    assert!(count > 25, "only {count} statements were read");
}

#[test]
fn every_switch_is_a_flag_of_the_program_and_has_its_row() {
    let page = read("crates/sandbox/SWITCHES.md");
    let program = read("crates/sandbox/src/main.rs");
    let (_, switches) = program
        .split_once("struct Switches {")
        .expect("the switches");
    let (switches, _) = switches.split_once("\n}").expect("their end");
    let fields = switches
        .lines()
        .filter(|line| line.starts_with("    ") && !line.trim_start().starts_with(['/', '#']));
    let mut count = 0;
    for field in fields.filter_map(|line| line.trim().split_once(':')) {
        let flag = format!("| `--{}", field.0.replace('_', "-"));
        assert!(page.contains(&flag), "SWITCHES.md has no row of {flag}");
        count += 1;
    }
    assert_eq!(page.matches("| `--").count(), count);
    assert!(count > 10, "only {count} switches were read");
}

#[test]
fn every_choice_stands_where_the_page_says() {
    let mut asked = Vec::new();
    for (line, header, cells) in rows() {
        if header != "question" {
            continue;
        }
        let [question, _, file, place] = &cells[..] else {
            panic!("line {line} has other columns");
        };
        let (file, place) = (file.trim_matches('`'), place.trim_matches('`'));
        assert!(
            read(file).contains(place),
            "line {line}: {file} does not say {place:?}"
        );
        asked.push(question.clone());
    }
    let questions = questions();
    assert!(questions.len() > 15, "{questions:?}");
    for number in questions {
        let start = format!("{number} ");
        assert!(
            asked.iter().any(|question| question.starts_with(&start)),
            "question {number} has no answer"
        );
    }
}

#[test]
fn nothing_of_the_reference_is_left_out() {
    let rows = rows();
    let page = read("docs/CALYPSO.md");
    let sections = sections();
    assert!(sections.len() > 50, "{sections:?}");
    for section in sections {
        let described = rows
            .iter()
            .any(|(_, header, cells)| header == "§" && cells[0] == section);
        assert!(described, "§{section} has no row");
    }
    let gateway = read("crates/sandbox/src/gateway.rs");
    let paths: Vec<&str> = gateway
        .split('"')
        .filter(|text| text.starts_with('/') && !text.contains(['{', ' ']) && *text != "/api/v1")
        .collect();
    assert!(paths.len() > 25, "{paths:?}");
    for path in paths {
        assert!(
            page.contains(&format!("`/api/v1{path}`")),
            "{path} has no row"
        );
    }
    for method in sources("crates/calypso/src/client")
        .iter()
        .flat_map(|source| source.split("pub async fn ").skip(1))
        .filter_map(|rest| rest.split('(').next())
    {
        assert!(
            page.contains(&format!("`Client::{method}`")),
            "{method} has no row"
        );
    }
    for source in [
        read("crates/sandbox/src/event.rs"),
        read("crates/calypso/src/error_code.rs"),
        read("crates/checkout/src/status.rs"),
    ] {
        let words = source.split('"').skip(1).step_by(2);
        let is_wire = |word: &&str| {
            word.len() >= 3
                && word
                    .chars()
                    .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || sign == '_')
                && !word.ends_with('_')
        };
        for word in words.filter(is_wire) {
            assert!(page.contains(&format!("`{word}`")), "{word} has no row");
        }
    }
}
