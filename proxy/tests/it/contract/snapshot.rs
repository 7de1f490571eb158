//! Comparing a text with what was agreed.

/// Holds `text` against the snapshot of this name.
#[track_caller]
pub(super) fn compare(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
