//! What is judged, by which tests: the code that decides, and not the code that carries.

/// Files of one package, and the tests that must notice a change of them.
pub(super) struct Judged {
    pub(super) package: &'static str,
    /// Files, as `cargo mutants --file` takes them; none stands for all of the package. What only tests see is never changed.
    pub(super) files: &'static [&'static str],
    /// Each asks about what the one before has missed.
    pub(super) passes: &'static [Pass],
}

/// One round of tests.
pub(super) struct Pass {
    /// What it is, for who watches.
    pub(super) says: &'static str,
    /// Which targets cargo builds and runs.
    pub(super) targets: &'static [&'static str],
    /// Which of their tests, as libtest takes it.
    pub(super) tests: &'static [&'static str],
}

pub(super) const JUDGED: &[Judged] = &[
    Judged {
        package: "checkout",
        files: &[],
        passes: &[
            Pass {
                says: "its tests, but for those that try millions of cases",
                targets: &["--lib", "--test=language"],
                tests: &[
                    "--skip=printing_what_was_parsed_gives_the_same_text_at_every_scale",
                    "--skip=every_day_of_every_year_follows_the_one_before",
                    "--skip=every_edit_of_one_character_is_refused_where_a_checksum_spans_the_address",
                    "--skip=eip_55_refuses_nearly_every_wrong_digit",
                ],
            },
            Pass {
                says: "all its tests",
                targets: &["--lib", "--test=language"],
                tests: &[],
            },
        ],
    },
    Judged {
        package: "calypso-proxy",
        files: &[
            // What a reading means.
            "proxy/src/reading/invoice.rs",
            "proxy/src/reading/*.rs",
            "proxy/src/app/readings/apply.rs",
            "proxy/src/checkouts/invoice.rs",
            "proxy/src/checkouts/quote.rs",
            "proxy/src/checkouts/unsound.rs",
            "proxy/src/checkouts/alarm.rs",
            // What has arrived.
            "proxy/src/checkouts/deposit.rs",
            "proxy/src/reading/deposits.rs",
            "proxy/src/app/readings/receive.rs",
            // What is seen of it.
            "proxy/src/app/showing/view.rs",
            "proxy/src/app/showing/merchant_view.rs",
            "proxy/src/input/visible.rs",
            // How fresh it is.
            "proxy/src/gateway/freshness.rs",
            "proxy/src/app/readings/refresh.rs",
        ],
        passes: &[
            Pass {
                says: "its unit tests, but for two that take seconds",
                targets: &["--lib"],
                tests: &[
                    "--skip=no_character_without_ink_stands_alone_anywhere",
                    "--skip=a_mutilated_log_leaves_a_prefix",
                ],
            },
            Pass {
                says: "all its unit tests, and those with a listener and the sandbox that are about money",
                targets: &["--lib", "--test=it"],
                // Any of these in the path of a test; the unit tests that the first pass leaves out are among them.
                tests: &[
                    "no_character_without_ink_stands_alone_anywhere",
                    "api_reference::",
                    "bad_input::",
                    "checkouts::",
                    "customers::",
                    "deposits::",
                    "every_deposit::",
                    "expiry::",
                    "gateway_faults::",
                    "hostile_gateway::",
                    "inconsistent_deposits::",
                    "merchant_view::",
                    "one_invoice::",
                    "phases::",
                    "polling::",
                    "repricing::",
                    "second_payments::",
                    "switching::",
                    "top_ups::",
                    "unseen_deposits::",
                    "unsound::",
                    "watcher::",
                ],
            },
        ],
    },
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::JUDGED;

    #[test]
    fn every_file_that_is_to_be_judged_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for file in JUDGED.iter().flat_map(|judged| judged.files) {
            let place = file.strip_suffix("/*.rs").unwrap_or(file);
            assert!(root.join(place).exists(), "{file} has moved");
        }
    }
}
