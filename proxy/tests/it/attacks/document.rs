//! The document says of each class how many rows its table has.

const DOCUMENT: &str = include_str!("../../../../docs/ATTACKS.md");

#[test]
fn the_document_has_the_counts_of_the_tables() {
    for (class, count, wanted) in [
        ("B", super::times::rows(), 30),
        ("D", super::money::rows(), 60),
        ("E", super::json::rows(), 45),
        ("F", super::wire::rows(), 50),
        ("J", super::origins::rows(), 40),
        ("L", super::gateway::rows(), 35),
        ("O", super::log_lines::rows(), 25),
    ] {
        assert!(count >= wanted, "{class}: {count} of {wanted}");
        let line = DOCUMENT
            .lines()
            .find(|line| line.starts_with(&format!("| {class} ")))
            .unwrap_or_else(|| panic!("there is no line about {class}"));
        assert!(
            line.contains(&format!("| {count} |")),
            "{class} has {count} rows: {line}"
        );
    }
}
