//! The laws of the phase function, over every phase, status, intervention and side of the expiry.

use std::collections::HashSet;

use checkout::{InterventionKind, InvoiceStatus, Observation, Phase, advance, deciding};

pub(crate) fn statuses() -> Vec<InvoiceStatus> {
    [
        "PENDING_PAYMENT",
        "MEM_POOL_FOUND",
        "PENDING_COMPLIANCE_CHECK",
        "DECLINED",
        "PENDING_INTERVENTION",
        "PAID",
        "COMPLETED",
        "ARCHIVED",
        "CANCEL",
        "SETTLED",
    ]
    .map(InvoiceStatus::from)
    .to_vec()
}

fn interventions() -> Vec<Option<InterventionKind>> {
    let mut kinds = vec![None];
    kinds.extend(
        ["UNDERPAY", "OVERPAY", "SEVERAL_SENDERS"].map(|word| Some(InterventionKind::from(word))),
    );
    kinds
}

/// One observation that owns what it refers to.
#[derive(Clone, Debug)]
struct Seen {
    status: InvoiceStatus,
    intervention: Option<InterventionKind>,
    past_expiry: bool,
}

impl Seen {
    fn after(&self, phase: Phase) -> Phase {
        let Seen {
            status,
            intervention,
            past_expiry,
        } = self;
        advance(
            phase,
            &Observation {
                status,
                intervention: intervention.as_ref(),
                past_expiry: *past_expiry,
            },
        )
    }
}

fn everything_that_can_be_seen() -> Vec<Seen> {
    let mut all = vec![];
    for status in statuses() {
        for intervention in interventions() {
            for past_expiry in [false, true] {
                all.push(Seen {
                    status: status.clone(),
                    intervention: intervention.clone(),
                    past_expiry,
                });
            }
        }
    }
    all
}

/// Calls `law` with every phase, everything that can be seen in it, and the phase that follows.
fn for_every_step(law: impl Fn(Phase, &Seen, Phase)) {
    let mut steps = 0;
    for phase in Phase::ALL {
        for seen in everything_that_can_be_seen() {
            law(phase, &seen, seen.after(phase));
            steps += 1;
        }
    }
    assert_eq!(steps, 12 * 10 * 4 * 2, "every combination was tried");
}

#[test]
fn nothing_leads_back_from_paid() {
    for_every_step(|before, seen, after| match before {
        Phase::Completed => assert_eq!(after, Phase::Completed, "{seen:?}"),
        Phase::Paid if seen.status == InvoiceStatus::Completed => {
            assert_eq!(after, Phase::Completed);
        }
        Phase::Paid => assert_eq!(after, Phase::Paid, "{seen:?}"),
        _ => {}
    });
}

#[test]
fn only_the_gateways_paid_and_completed_mean_paid() {
    for_every_step(|before, seen, after| {
        let said = matches!(seen.status, InvoiceStatus::Paid | InvoiceStatus::Completed);
        assert_eq!(
            after.is_paid(),
            before.is_paid() || said,
            "{before:?} {seen:?}"
        );
        assert_eq!(
            after == Phase::Completed,
            before == Phase::Completed || seen.status == InvoiceStatus::Completed,
            "{before:?} {seen:?}"
        );
    });
}

#[test]
fn an_unknown_status_moves_nothing() {
    for_every_step(|before, seen, after| {
        if matches!(seen.status, InvoiceStatus::Unknown(_)) {
            assert_eq!(after, before, "{seen:?}");
        }
    });
}

#[test]
fn seeing_the_same_again_changes_nothing() {
    for_every_step(|before, seen, after| {
        assert_eq!(seen.after(after), after, "{before:?} {seen:?}");
    });
}

#[test]
fn an_address_is_offered_again_only_where_none_of_the_money_is_held() {
    for_every_step(|before, seen, after| {
        if after == Phase::Awaiting {
            let from = matches!(before, Phase::Choosing | Phase::Awaiting | Phase::Detected);
            assert!(from, "{before:?} {seen:?}");
        }
        if after == Phase::Underpaid && before != Phase::Underpaid {
            assert_eq!(
                seen.status,
                InvoiceStatus::PendingIntervention,
                "{before:?}"
            );
            assert_eq!(
                seen.intervention,
                Some(InterventionKind::Underpay),
                "{before:?}"
            );
        }
    });
}

#[test]
fn no_address_is_offered_for_a_pending_payment_past_its_expiry() {
    for_every_step(|before, seen, after| {
        if seen.past_expiry && seen.status == InvoiceStatus::PendingPayment {
            assert_ne!(after, Phase::Awaiting, "{before:?}");
        }
    });
}

#[test]
fn the_expiry_matters_only_while_no_money_is_held() {
    for_every_step(|before, seen, after| {
        let other = Seen {
            past_expiry: !seen.past_expiry,
            ..seen.clone()
        };
        let open = matches!(before, Phase::Choosing | Phase::Awaiting | Phase::Detected);
        let timed = matches!(
            seen.status,
            InvoiceStatus::PendingPayment | InvoiceStatus::Archived
        );
        assert_eq!(
            other.after(before) != after,
            open && timed,
            "{before:?} {seen:?}"
        );
    });
}

#[test]
fn expired_is_the_word_for_archived_after_the_expiry() {
    let archived = |past_expiry| Seen {
        status: InvoiceStatus::Archived,
        intervention: None,
        past_expiry,
    };
    for open in [Phase::Choosing, Phase::Awaiting, Phase::Detected] {
        assert_eq!(archived(true).after(open), Phase::Expired);
        assert_eq!(archived(false).after(open), Phase::Archived);
    }
    for held in [
        Phase::Reviewing,
        Phase::Underpaid,
        Phase::Overpaid,
        Phase::Intervention,
    ] {
        assert_eq!(
            archived(true).after(held),
            Phase::Archived,
            "a refund is no expiry"
        );
    }
}

#[test]
fn late_money_revives_an_expired_invoice_and_waiting_does_not() {
    for_every_step(|before, seen, after| {
        if before != Phase::Expired {
            return;
        }
        let expected = match &seen.status {
            InvoiceStatus::PendingPayment
            | InvoiceStatus::Archived
            | InvoiceStatus::Cancel
            | InvoiceStatus::Unknown(_) => Phase::Expired,
            InvoiceStatus::MemPoolFound => Phase::Detected,
            InvoiceStatus::PendingComplianceCheck => Phase::Reviewing,
            InvoiceStatus::Declined => Phase::Declined,
            InvoiceStatus::Paid => Phase::Paid,
            InvoiceStatus::Completed => Phase::Completed,
            InvoiceStatus::PendingIntervention => match seen.intervention {
                Some(InterventionKind::Underpay) => Phase::Underpaid,
                Some(InterventionKind::Overpay) => Phase::Overpaid,
                None | Some(InterventionKind::Unknown(_)) => Phase::Intervention,
            },
        };
        assert_eq!(after, expected, "{seen:?}");
    });
}

#[test]
fn the_kind_of_intervention_matters_only_in_an_intervention() {
    for_every_step(|before, seen, after| {
        let without = Seen {
            intervention: None,
            ..seen.clone()
        };
        if seen.status != InvoiceStatus::PendingIntervention {
            assert_eq!(without.after(before), after, "{before:?} {seen:?}");
        } else if !before.is_paid() {
            assert_eq!(without.after(before), Phase::Intervention, "{before:?}");
        }
    });
}

#[test]
fn no_invoice_leads_back_to_choosing_and_every_other_phase_is_reached() {
    for_every_step(|before, _, after| {
        assert!(after != Phase::Choosing || before == Phase::Choosing);
    });
    let mut reached = HashSet::from([Phase::Choosing]);
    loop {
        let more: HashSet<Phase> = reached
            .iter()
            .flat_map(|phase| {
                everything_that_can_be_seen()
                    .into_iter()
                    .map(|seen| seen.after(*phase))
            })
            .collect();
        if more.is_subset(&reached) {
            break;
        }
        reached.extend(more);
    }
    assert_eq!(reached.len(), Phase::ALL.len());
}

#[test]
fn the_way_of_one_payment() {
    let walk = |words: &[&str]| {
        words.iter().fold(Phase::Choosing, |phase, word| {
            Seen {
                status: InvoiceStatus::from(*word),
                intervention: None,
                past_expiry: false,
            }
            .after(phase)
        })
    };
    assert_eq!(walk(&["PENDING_PAYMENT"]), Phase::Awaiting);
    assert_eq!(
        walk(&["PENDING_PAYMENT", "MEM_POOL_FOUND"]),
        Phase::Detected
    );
    assert_eq!(
        walk(&["PENDING_PAYMENT", "MEM_POOL_FOUND", "PENDING_PAYMENT"]),
        Phase::Awaiting
    );
    assert_eq!(walk(&["PENDING_PAYMENT", "PAID"]), Phase::Paid);
    assert_eq!(walk(&["PENDING_PAYMENT", "PAID", "ARCHIVED"]), Phase::Paid);
    assert_eq!(
        walk(&[
            "PENDING_PAYMENT",
            "PENDING_INTERVENTION",
            "PAID",
            "COMPLETED"
        ]),
        Phase::Completed
    );
    assert_eq!(
        walk(&["PENDING_COMPLIANCE_CHECK", "DECLINED", "ARCHIVED"]),
        Phase::Declined
    );
}

#[test]
fn every_phase_has_a_word_of_its_own_and_no_other_word_is_one() {
    let mut words = HashSet::new();
    for phase in Phase::ALL {
        let word = phase.as_str();
        assert!(words.insert(word), "{word} is its own");
        assert_eq!(word, format!("{phase:?}").to_lowercase());
        assert_eq!(word.parse(), Ok(phase));
        assert_eq!(
            serde_json::to_string(&phase).unwrap(),
            format!("\"{word}\"")
        );
        assert_eq!(
            serde_json::from_str::<Phase>(&format!("\"{word}\"")).unwrap(),
            phase
        );
    }
    for unknown in ["", "Paid", "PAID", "paid ", "loading", "failed"] {
        assert!(unknown.parse::<Phase>().is_err(), "{unknown}");
        assert!(
            serde_json::from_str::<Phase>(&format!("\"{unknown}\"")).is_err(),
            "{unknown}"
        );
    }
}

#[test]
fn the_invoice_furthest_on_with_money_decides() {
    let decides = |phases: &[Phase]| deciding(phases.iter().copied());
    assert_eq!(decides(&[]), None);
    assert_eq!(decides(&[Phase::Awaiting]), Some(0));
    assert_eq!(
        decides(&[Phase::Awaiting, Phase::Awaiting]),
        Some(1),
        "the newest of equal ones"
    );
    assert_eq!(decides(&[Phase::Expired, Phase::Awaiting]), Some(1));
    assert_eq!(
        decides(&[Phase::Awaiting, Phase::Expired]),
        Some(1),
        "without money the newest"
    );
    assert_eq!(
        decides(&[Phase::Detected, Phase::Awaiting]),
        Some(0),
        "the first invoice is being paid"
    );
    assert_eq!(
        decides(&[Phase::Paid, Phase::Awaiting, Phase::Detected]),
        Some(0)
    );
    assert_eq!(decides(&[Phase::Paid, Phase::Completed]), Some(1));
    assert_eq!(decides(&[Phase::Completed, Phase::Paid]), Some(0));
    assert_eq!(
        decides(&[Phase::Paid, Phase::Paid, Phase::Awaiting]),
        Some(1)
    );
    assert_eq!(decides(&[Phase::Underpaid, Phase::Detected]), Some(0));
    assert_eq!(decides(&[Phase::Declined, Phase::Awaiting]), Some(0));
    assert_eq!(decides(&[Phase::Declined, Phase::Detected]), Some(1));
}

#[test]
fn of_two_invoices_the_one_whose_money_has_come_further_decides() {
    // Each further than those before it; in one place none is further than another.
    let places: [&[Phase]; 9] = [
        &[
            Phase::Choosing,
            Phase::Awaiting,
            Phase::Expired,
            Phase::Archived,
        ],
        &[Phase::Declined],
        &[Phase::Detected],
        &[Phase::Reviewing],
        &[Phase::Underpaid],
        &[Phase::Intervention],
        &[Phase::Overpaid],
        &[Phase::Paid],
        &[Phase::Completed],
    ];
    let place = |phase: Phase| places.iter().position(|place| place.contains(&phase));
    assert_eq!(places.concat().len(), Phase::ALL.len());
    for first in Phase::ALL {
        for second in Phase::ALL {
            let newest = usize::from(place(second) >= place(first));
            let decides = deciding([first, second]);
            assert_eq!(decides, Some(newest), "{first} and {second}");
        }
    }
}

#[test]
fn a_paid_invoice_always_decides() {
    for first in Phase::ALL {
        for second in Phase::ALL {
            for third in Phase::ALL {
                let phases = [first, second, third];
                let decided = phases[deciding(phases).unwrap()];
                assert_eq!(
                    decided.is_paid(),
                    phases.iter().any(|phase| phase.is_paid()),
                    "{phases:?}"
                );
                let completed = phases.contains(&Phase::Completed);
                assert_eq!(decided == Phase::Completed, completed, "{phases:?}");
            }
        }
    }
}
