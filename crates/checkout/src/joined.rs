//! Texts put together from pieces.

/// The pieces as one text: what `concat` gives, made without the machinery of the standard library, which would be a kilobyte in the widget.
#[must_use]
pub fn joined(pieces: &[&str]) -> String {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(piece);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn pieces_stand_in_their_order() {
        assert_eq!(joined(&[]), "");
        assert_eq!(joined(&["a", "", "bé", "c"]), "abéc");
    }
}
