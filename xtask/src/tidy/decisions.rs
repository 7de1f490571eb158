//! The rule about decision records: each is listed where somebody looks for it.

/// The list of all records.
const LIST: &str = "docs/decisions/README.md";

/// Adds a sentence for each record that the list does not link to under its title.
pub(super) fn check(files: &[(String, String)], broken: &mut Vec<String>) {
    let list = files.iter().find(|(path, _)| path == LIST);
    let list = list.map_or("", |(_, text)| text.as_str());
    for (path, text) in files {
        let Some(name) = path.strip_prefix("docs/decisions/") else {
            continue;
        };
        if name == "README.md" || !name.ends_with(".md") {
            continue;
        }
        let title = text.lines().next().unwrap_or_default();
        if !title.starts_with("# ") {
            broken.push(format!(
                "{path}:1: a record begins with its title, after `# `"
            ));
        }
        if !list.contains(&format!("({name})")) {
            broken.push(format!("{LIST}: {name} is not listed"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LIST, check};

    #[test]
    fn a_record_that_is_not_listed_is_found() {
        let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
        let files = [
            file(LIST, "[1](0001-a.md)"),
            file("docs/decisions/0001-a.md", "# 1. A"),
            file("docs/decisions/0002-b.md", "# 2. B"),
            file("docs/decisions/0003-c.md", "C"),
        ];
        let mut broken = Vec::new();
        check(&files, &mut broken);
        assert_eq!(broken.len(), 3, "{broken:?}");
    }
}
