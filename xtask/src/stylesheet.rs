//! The one stylesheet of the widget: the files of `style/` in their written order, lightly minified.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};

/// Reads `style/*.css` in the order of `style/order.txt`, which Trunk's page follows too. The order is part of the meaning: tokens first, a component
/// after what it builds on. Fails when a file is not in the list or the list names a missing one: a forgotten component would only be seen by a
/// buyer.
pub(crate) fn read(directory: &Path) -> Result<String> {
    let mut present = BTreeSet::new();
    for entry in fs::read_dir(directory).context("style/ cannot be read")? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix(".css") {
            present.insert(stem.to_owned());
        }
    }
    let order = fs::read_to_string(directory.join("order.txt"))
        .context("style/order.txt cannot be read")?;
    let listed: BTreeSet<_> = order.lines().map(str::to_owned).collect();
    ensure!(
        present == listed,
        "style/*.css and style/order.txt differ: only on disk {:?}, only in the list {:?}",
        present.difference(&listed).collect::<Vec<_>>(),
        listed.difference(&present).collect::<Vec<_>>(),
    );
    let mut whole = String::new();
    for stem in order.lines() {
        let path = directory.join(format!("{stem}.css"));
        let text = fs::read_to_string(&path)
            .with_context(|| format!("{} cannot be read", path.display()))?;
        whole.push_str(&minify(&text).with_context(|| format!("in {}", path.display()))?);
    }
    Ok(whole)
}

/// Takes out comments and the white space that never carries meaning: around braces, semicolons, commas and `>`, and behind
/// a colon. White space next to any other character stays as one space, because in CSS it may be a combinator or an operand's
/// border (`a :hover`, `1px + 2px`). Strings are copied as they are.
fn minify(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    let mut space = false;
    while let Some(c) = rest.next() {
        if c == '/' && rest.peek() == Some(&'*') {
            rest.next();
            skip_comment(&mut rest)?;
            space = true;
            continue;
        }
        if c.is_ascii_whitespace() {
            space = true;
            continue;
        }
        let free = |c: char| matches!(c, '{' | '}' | ';' | ',' | '>');
        let last = out.chars().next_back();
        if space && !free(c) && last.is_some_and(|last| !free(last) && last != ':') {
            out.push(' ');
        }
        space = false;
        if c == '}' && last == Some(';') {
            out.pop();
        }
        out.push(c);
        if c == '"' || c == '\'' {
            copy_string(c, &mut rest, &mut out)?;
        }
    }
    Ok(out)
}

fn skip_comment(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<()> {
    while let Some(c) = rest.next() {
        if c == '*' && rest.peek() == Some(&'/') {
            rest.next();
            return Ok(());
        }
    }
    bail!("a comment is not closed")
}

fn copy_string(
    quote: char,
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    out: &mut String,
) -> Result<()> {
    while let Some(c) = rest.next() {
        out.push(c);
        if c == '\\' {
            out.extend(rest.next());
        } else if c == quote {
            return Ok(());
        }
    }
    bail!("a string is not closed")
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn only_white_space_without_meaning_goes() {
        let cases = [
            ("/* why */\n:host {\n  color: red;\n}\n", ":host{color:red}"),
            (
                "a :hover , b > i { x : calc(1px + 2px) ; }",
                "a :hover,b>i{x :calc(1px + 2px)}",
            ),
            (
                "@media (min-width: 1px) and (x) { a { b: c } }",
                "@media (min-width:1px) and (x){a{b:c}}",
            ),
            (
                r#"a::before { content: "a /* b */ ;  }\" " ; }"#,
                r#"a::before{content:"a /* b */ ;  }\" "}"#,
            ),
            ("a/**/b { c: d }", "a b{c:d}"),
        ];
        for (given, expected) in cases {
            assert_eq!(minify(given).unwrap(), expected);
        }
    }

    #[test]
    fn what_does_not_end_is_refused() {
        assert!(minify("a { } /* b").is_err());
        assert!(minify("a { content: \"b }").is_err());
    }
}
