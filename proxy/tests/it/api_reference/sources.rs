//! What the source says about itself: the routes, the fields that are read, and the types of the answers with their doc comments.

use std::collections::BTreeSet;

/// One member of a type: a field as it is on the wire, or a variant.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) about: String,
    /// Whether the members of its type stand in its place.
    pub(crate) is_flat: bool,
    /// Whether it may be missing.
    pub(crate) is_optional: bool,
}

/// One struct or enum.
pub(crate) struct Type {
    pub(crate) name: String,
    /// Whether an answer may have a word that is not listed.
    pub(crate) is_open: bool,
    pub(crate) about: String,
    pub(crate) members: Vec<Member>,
}

pub(crate) fn read(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every public struct and enum of a source file that rustfmt has laid out.
pub(crate) fn types(source: &str) -> Vec<Type> {
    let mut found = Vec::new();
    let (mut docs, mut open): (Vec<String>, Option<Type>) = (Vec::new(), None);
    let mut attributes = String::new();
    for line in source.lines() {
        let code = line.trim();
        if let Some(doc) = code.strip_prefix("///") {
            docs.push(doc.trim().to_owned());
        } else if code.starts_with('#') {
            // Attributes stand between a doc comment and its member.
            attributes.push_str(code);
            continue;
        } else if code.is_empty() || code.starts_with("//") {
            continue;
        } else if code == "}" {
            found.extend(open.take());
            docs.clear();
        } else if let Some(open) = &mut open {
            open.members.extend(member(code, &docs, &attributes));
            docs.clear();
        } else {
            let is_open = code.starts_with("pub open enum ");
            let head = ["pub struct ", "pub enum ", "pub open enum "]
                .iter()
                .find_map(|head| code.strip_prefix(head));
            if let Some(head) = head.and_then(|rest| rest.strip_suffix(" {")) {
                open = Some(Type {
                    name: head.split(' ').next().unwrap_or(head).to_owned(),
                    is_open,
                    about: plain(&docs),
                    members: Vec::new(),
                });
            }
            docs.clear();
        }
        attributes.clear();
    }
    found
}

/// A field, or a variant with its word.
fn member(code: &str, docs: &[String], attributes: &str) -> Option<Member> {
    let code = code.strip_suffix(',')?;
    let (name, kind) = match code.strip_prefix("pub ") {
        Some(field) => field
            .split_once(": ")
            .map(|(name, kind)| (camel(name), kind_of(kind)))?,
        None => code
            .split_once(" = ")
            .map(|(_, word)| (word.trim_matches('"').to_owned(), String::new()))?,
    };
    // A word of the language stands under another name in the code.
    let renamed = attributes.split_once("rename = \"");
    let renamed = renamed.and_then(|(_, rest)| rest.split('"').next());
    Some(Member {
        name: renamed.map_or(name, ToOwned::to_owned),
        kind,
        about: plain(docs),
        is_flat: attributes.contains("flatten"),
        is_optional: ["default", "skip_serializing"]
            .iter()
            .any(|word| attributes.contains(word)),
    })
}

/// The doc comment's first paragraph, with links to other items as plain code.
fn plain(docs: &[String]) -> String {
    let first: Vec<&str> = docs
        .iter()
        .map(String::as_str)
        .take_while(|line| !line.is_empty())
        .collect();
    let text = first.join(" ").replace("[`", "`").replace("`]", "`");
    // «`Phase::shows_address`(…)» would be a link target without its brackets.
    text.replace('|', "\\|")
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |camel, word| {
        let (head, rest) = word.split_at(word.len().min(1));
        format!("{camel}{}{rest}", head.to_uppercase())
    })
}

fn kind_of(kind: &str) -> String {
    if let Some(inner) = inside(kind, "Option<") {
        return format!("{} or null", kind_of(inner));
    }
    if let Some(inner) = inside(kind, "Vec<") {
        return format!("list of {}", kind_of(inner));
    }
    match kind {
        "String" => "text".to_owned(),
        "Amount" => "amount".to_owned(),
        "Timestamp" => "time".to_owned(),
        "u32" | "u64" | "usize" => "number".to_owned(),
        "bool" => "true or false".to_owned(),
        "Phase" => "[state](#states)".to_owned(),
        "Kind" => "[kind](#kind)".to_owned(),
        "RefusalCode" => "[code](../crates/checkout/ERRORS.md)".to_owned(),
        other => format!("[{other}](#{})", other.to_lowercase()),
    }
}

fn inside<'a>(kind: &'a str, head: &str) -> Option<&'a str> {
    kind.strip_prefix(head)?.strip_suffix('>')
}

/// Method and path of every route.
pub(crate) fn routes(router: &str) -> BTreeSet<(String, String)> {
    let router = router.split("#[cfg(test)]").next().unwrap_or(router);
    let mut routes = BTreeSet::new();
    for piece in router.split(".route(").skip(1) {
        let path = piece
            .split('"')
            .nth(1)
            .expect("a route begins with its path");
        for method in ["get", "post", "put", "delete", "patch"] {
            let calls = [format!(" {method}("), format!(".{method}(")];
            if calls.iter().any(|call| piece.contains(call)) {
                routes.insert((method.to_uppercase(), path.to_owned()));
            }
        }
    }
    routes
}

/// Every name that is read from a request's body.
pub(crate) fn read_fields(source: &str) -> BTreeSet<String> {
    let source = source.split("#[cfg(test)]").next().unwrap_or(source);
    let flat = source.split_whitespace().collect::<Vec<_>>().join("");
    let readers = [
        "text(\"",
        "texts(\"",
        "required_object(\"",
        "link(\"",
        "take_given(\"",
    ];
    let mut found = BTreeSet::new();
    for reader in readers {
        for piece in flat.split(reader).skip(1) {
            found.insert(piece.split('"').next().unwrap_or_default().to_owned());
        }
    }
    found
}
