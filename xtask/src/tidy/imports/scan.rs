//! What one file says of other files: the modules it declares, its `use` trees, and the paths in its code.

use std::collections::BTreeSet;

use super::tokens::{Token, shipped};

/// One leaf of a `use` tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// The modules inside the file in which it stands.
    pub(super) inside: Vec<String>,
    /// As it is written, from its first segment on; without a trailing `self`.
    pub(super) path: Vec<String>,
    /// What it is called here; `*` when everything is imported.
    pub(super) name: String,
    /// Whether others may take the name from here.
    pub(super) is_passed_on: bool,
    pub(super) line: usize,
}

/// A path in code that may lead to another file: at least two segments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) inside: Vec<String>,
    pub(super) path: Vec<String>,
    pub(super) line: usize,
}

/// What stands in one file.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Modules in files of their own, by the path of the module inside this file that declares them, and their names.
    pub(super) children: Vec<(Vec<String>, String)>,
    /// Modules whose code stands here, with their own names.
    pub(super) inline: Vec<Vec<String>>,
    pub(super) uses: Vec<Use>,
    pub(super) mentions: Vec<Mention>,
    /// Every word outside of `use` trees.
    pub(super) words: BTreeSet<String>,
}

/// Reads one file.
pub(super) fn scan(source: &str) -> Scan {
    let tokens = shipped(source);
    let mut scan = Scan::default();
    // The names of the modules we are in, and how deep their braces are.
    let mut inside: Vec<(String, usize)> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if token.is_word() && token.text != "use" {
            scan.words.insert(token.text.to_owned());
        }
        let text = |ahead: usize| tokens.get(at + ahead).map_or("", |token| token.text);
        let names = || {
            inside
                .iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        match token.text {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                inside.retain(|(_, opened)| *opened < depth + 1);
            }
            "mod" if text(2) == ";" => {
                scan.children.push((names(), text(1).to_owned()));
                at += 2;
            }
            "mod" if text(2) == "{" => {
                depth += 1;
                inside.push((text(1).to_owned(), depth));
                scan.inline
                    .push(inside.iter().map(|(name, _)| name.clone()).collect());
                at += 2;
            }
            "use" if text(1) != "<" => {
                let is_passed_on = at > 0 && matches!(tokens[at - 1].text, "pub" | ")");
                let mut leaves = Vec::new();
                at = tree(&tokens, at + 1, &[], &mut leaves);
                scan.uses.extend(leaves.into_iter().map(|leaf| Use {
                    inside: names(),
                    path: leaf.path,
                    name: leaf.name,
                    is_passed_on,
                    line: leaf.line,
                }));
                continue;
            }
            _ if token.is_word() && text(1) == "::" => {
                let path = path(&tokens, at);
                at += path.len() * 2 - 1;
                if path.len() > 1 {
                    scan.mentions.push(Mention {
                        inside: names(),
                        path,
                        line: token.line,
                    });
                }
                continue;
            }
            // `Type::<T>::of` and `<T>::of`: what follows is no beginning.
            "::" if tokens.get(at + 1).is_some_and(Token::is_word) => {
                at += path(&tokens, at + 1).len() * 2;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    scan
}

/// The segments of the path that begins here.
fn path(tokens: &[Token<'_>], mut at: usize) -> Vec<String> {
    let mut segments = Vec::new();
    while let Some(word) = tokens.get(at).filter(|token| token.is_word()) {
        segments.push(word.text.to_owned());
        let goes_on = tokens.get(at + 1).is_some_and(|token| token.text == "::");
        if !goes_on || !tokens.get(at + 2).is_some_and(Token::is_word) {
            break;
        }
        at += 2;
    }
    segments
}

/// What one branch of a `use` tree names.
struct Leaf {
    path: Vec<String>,
    name: String,
    line: usize,
}

/// Reads one `use` tree; where it ends.
fn tree(tokens: &[Token<'_>], mut at: usize, prefix: &[String], leaves: &mut Vec<Leaf>) -> usize {
    let mut path = prefix.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.line);
    let mut add = |mut path: Vec<String>, name: Option<&str>| {
        if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
            path.pop();
        }
        let last = path.last().map(String::as_str);
        let name = name.or(last).unwrap_or_default().to_owned();
        leaves.push(Leaf { path, name, line });
    };
    while let Some(token) = tokens.get(at) {
        match token.text {
            "::" => at += 1,
            "*" => {
                add(path, Some("*"));
                return at + 1;
            }
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token.text != "}") {
                    if tokens[at].text == "," {
                        at += 1;
                    } else {
                        at = tree(tokens, at, &path, leaves);
                    }
                }
                return at + 1;
            }
            "as" => {
                let name = tokens.get(at + 1).map(|token| token.text);
                add(path, name);
                return at + 2;
            }
            _ if token.is_word() => {
                path.push(token.text.to_owned());
                at += 1;
            }
            _ => {
                add(path, None);
                // The comma or brace belongs to the tree around this one.
                return if token.text == ";" { at + 1 } else { at };
            }
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::scan;

    #[test]
    fn use_trees_are_read_to_their_leaves() {
        let source =
            "use a::{self, b::{C as D, e}, f::*};\npub(crate) use super::g;\nuse crate::h as i;";
        let uses = scan(source).uses;
        let shown: Vec<String> = uses
            .iter()
            .map(|one| format!("{} as {}:{}", one.path.join("::"), one.name, one.line))
            .collect();
        let expected = [
            "a as a:1",
            "a::b::C as D:1",
            "a::b::e as e:1",
            "a::f as *:1",
            "super::g as g:2",
            "crate::h as i:3",
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn paths_in_code_are_found_where_they_begin() {
        let source =
            "fn f() -> crate::a::B { c::d::<super::E>(); Vec::<u8>::new(); x!(crate::m::n!()) }";
        let mentions = scan(source).mentions;
        let shown: Vec<String> = mentions.iter().map(|one| one.path.join("::")).collect();
        assert_eq!(shown, ["crate::a::B", "c::d", "super::E", "crate::m::n"]);
    }

    #[test]
    fn modules_are_told_apart() {
        let scan = scan("mod a;\npub mod b { mod c; use super::x; }\nuse self::y;");
        assert_eq!(
            scan.children,
            [
                (vec![], "a".to_owned()),
                (vec!["b".to_owned()], "c".to_owned())
            ]
        );
        assert_eq!(scan.inline, [vec!["b".to_owned()]]);
        assert_eq!(scan.uses[0].inside, ["b"]);
        assert!(scan.uses[1].inside.is_empty());
    }
}
