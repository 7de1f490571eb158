//! The store's suite: what the seam promises, as tests that run on every database.
//!
//! A database runs it by `suite!(path)`, where `path` names its own `async fn() -> Empty`. What only one database can get wrong, its file
//! for example, it tests beside its own code.

pub(in crate::store) mod addresses;
pub(in crate::store) mod any_order;
pub(in crate::store) mod attempts;
pub(in crate::store) mod books;
pub(in crate::store) mod checkouts;
pub(in crate::store) mod customers;
pub(in crate::store) mod decisions;
pub(in crate::store) mod deliveries;
pub(in crate::store) mod deposits;
pub(in crate::store) mod history;
pub(in crate::store) mod kept;
pub(in crate::store) mod keys;
pub(in crate::store) mod leases;
pub(in crate::store) mod ledger;
pub(in crate::store) mod lists;
pub(in crate::store) mod outbox;
pub(in crate::store) mod readings;
pub(in crate::store) mod refunds;
pub(in crate::store) mod retention;
mod rolls;
pub(in crate::store) mod samples;
pub(in crate::store) mod shops;
pub(in crate::store) mod watching;

use std::any::Any;
use std::ops::Deref;
use std::sync::Arc;

use super::database::Database;

/// A database with nothing in it, and what it lives in, which goes with it.
pub(in crate::store) struct Empty {
    database: Arc<dyn Database>,
    _home: Box<dyn Any + Send>,
}

impl Empty {
    pub(in crate::store) fn new(database: Arc<dyn Database>, home: impl Any + Send) -> Self {
        Self {
            database,
            _home: Box::new(home),
        }
    }

    /// For several who use it at once. It ends with this, whoever holds it still.
    fn shared(&self) -> Arc<dyn Database> {
        Arc::clone(&self.database)
    }
}

impl Deref for Empty {
    type Target = dyn Database;

    fn deref(&self) -> &Self::Target {
        &*self.database
    }
}

/// One test for each behaviour, each on databases of its own.
macro_rules! suite {
    ($empty:path) => {
        $crate::store::suite::suite! { @ $empty, books [
            each_thing_is_counted_where_it_belongs
        ] }
        $crate::store::suite::suite! { @ $empty, checkouts [
            what_is_written_is_read_back
            a_checkout_is_kept_once
            a_snapshot_is_one_consistent_view
        ] }
        $crate::store::suite::suite! { @ $empty, lists [
            a_list_has_the_newest_first_page_by_page
            a_list_has_each_checkout_in_the_state_that_is_shown
            what_is_made_meanwhile_stands_before_all_pages
            a_rare_state_is_looked_for_a_bounded_way_at_a_time
        ] }
        $crate::store::suite::suite! { @ $empty, kept [
            what_is_kept_is_never_older_than_a_write_that_was_answered
            a_write_that_nobody_waits_for_is_seen_once_it_is_stored
            a_write_of_unknown_outcome_counts_as_one_and_is_told
            what_somebody_else_has_written_is_seen_once_it_is_told
            a_customers_money_is_seen_on_each_of_their_checkouts
            what_is_deleted_is_not_kept
        ] }
        $crate::store::suite::suite! { @ $empty, decisions [
            a_closed_checkout_takes_no_attempt_until_it_is_open_again
            an_archive_is_done_when_every_invoice_is_known_and_over
            an_intervention_is_decided_anew_after_it_was_refused
            an_open_decision_is_taken_by_one_until_a_moment
            no_attempt_begins_unseen_while_a_checkout_is_closed
        ] }
        $crate::store::suite::suite! { @ $empty, refunds [
            a_refund_is_kept_once_for_its_key_and_read_back
            refunds_at_once_never_sum_up_to_more_than_was_received
            a_customers_refunds_are_one_sum_over_all_checkouts
            refunds_are_listed_the_newest_first_page_by_page
        ] }
        $crate::store::suite::suite! { @ $empty, keys [
            a_key_and_its_checkout_are_kept_together_or_not_at_all
            one_key_makes_one_checkout_however_many_ask_at_once
            a_key_whose_checkout_is_gone_is_as_good_as_new
            keys_are_forgotten_after_two_days
        ] }
        $crate::store::suite::suite! { @ $empty, attempts [
            the_latest_attempt_in_a_currency_is_found
            an_attempt_is_started_once_however_many_start_it
            started_attempts_are_listed_until_they_are_settled_the_oldest_first
            everything_known_of_an_invoice_is_read_back
            an_invoice_that_is_there_already_stays_as_it_is
            the_invoice_chosen_last_is_the_one_shown
            each_kind_of_alarm_is_kept_once_for_an_invoice
        ] }
        $crate::store::suite::suite! { @ $empty, leases [
            an_attempt_is_one_proxys_until_its_lease_ends
            a_lease_is_ended_by_its_owner_alone
            what_is_settled_is_nobodys
            a_customer_is_one_proxys_until_its_lease_ends
            of_many_who_claim_at_once_one_has_it
        ] }
        $crate::store::suite::suite! { @ $empty, addresses [
            one_address_serves_one_invoice_for_as_long_as_it_is_watched
            an_invoices_address_is_no_customers_for_as_long_as_it_is_watched
            the_address_of_a_top_up_is_no_customers_however_old_it_is
            a_customers_address_is_no_invoices_and_no_other_customers
        ] }
        $crate::store::suite::suite! { @ $empty, readings [
            a_reading_is_kept_with_its_alarms_and_changes_nothing_twice
            a_reading_that_cannot_be_true_changes_nothing
            money_beside_a_text_that_a_database_refuses_is_kept
            a_reading_of_what_is_gone_changes_nothing
            of_equal_readings_at_once_one_changes_something
            of_two_invoices_paid_at_once_one_is_the_second_payment
        ] }
        $crate::store::suite::suite! { @ $empty, watching [
            invoices_are_found_by_their_keys_and_by_the_gateways_id
            an_invoice_is_read_until_the_rules_say_so
            pages_wait_for_their_turn_until_money_was_seen
            the_invoice_looked_at_last_comes_first
            a_turn_is_taken_by_one_and_comes_again_when_it_is_put_off_to
            what_moves_has_its_turn_soon_and_what_is_repriced_has_not
            turns_that_no_rule_gives_are_put_right
        ] }
        $crate::store::suite::suite! { @ $empty, deposits [
            a_list_counts_once_and_what_was_certain_stays
            deposits_are_listed_the_oldest_first_for_all_they_were_paid_to
            a_snapshot_has_the_deposits_of_its_invoices_or_of_its_customer
            of_equal_lists_at_once_each_deposit_is_new_once
        ] }
        $crate::store::suite::suite! { @ $empty, customers [
            calls_without_an_outcome_are_counted
            the_first_customer_kept_stays_and_is_nobody_elses
            an_address_is_confirmed_once_an_hour
            the_address_shown_is_that_of_the_currency_picked_last
            the_longest_overdue_comes_first_and_nobody_is_left_out
            a_customers_turn_is_taken_by_one_until_a_moment
            a_clock_that_was_years_ahead_puts_nobody_off_for_years
            an_address_that_is_shown_again_is_read_soon
        ] }
        $crate::store::suite::suite! { @ $empty, ledger [
            each_deposit_that_counts_has_one_row
            everything_a_row_says_is_read_back
            a_deposit_counts_for_one_address_of_a_shop
            of_lists_at_once_each_deposit_is_counted_once
            money_that_a_checkout_had_no_use_for_says_so
            what_is_to_be_compared_is_found_page_by_page
        ] }
        $crate::store::suite::suite! { @ $empty, any_order [
            each_shop_has_credited_what_was_sent_to_it
        ] }
        $crate::store::suite::suite! { @ $empty, history [
            every_change_that_somebody_is_shown_has_an_entry
            what_changes_nothing_has_no_entry
            entries_of_several_subjects_come_in_one_order_page_by_page
            a_history_goes_with_its_checkout_and_with_nothing_else
            of_writers_at_once_each_entry_has_a_number_of_its_own
        ] }
        $crate::store::suite::suite! { @ $empty, deliveries [
            an_event_is_kept_once_for_each_shop
            open_deliveries_have_their_turn_until_they_are_settled
            an_open_delivery_is_taken_by_one_until_a_moment
            settled_deliveries_are_forgotten_when_they_are_old
            it_is_known_when_and_about_what_a_shop_was_told
            several_subscriptions_are_kept_until_they_are_forgotten
        ] }
        $crate::store::suite::suite! { @ $empty, outbox [
            an_event_is_kept_with_its_change_and_says_how_it_was_then
            of_equal_readings_at_once_one_tells
            events_of_one_checkout_are_sent_one_behind_the_other
            one_that_is_put_off_keeps_the_later_ones_of_its_checkout_waiting
            an_event_is_one_proxys_until_its_lease_ends
            an_event_is_sent_again_when_that_is_asked_for
            a_target_that_wants_no_more_is_given_none_until_one_is_replayed
            an_event_without_a_target_is_kept_and_not_sent
            a_checkout_whose_time_has_come_is_told_once_whoever_looks
            a_customers_deposit_is_told_with_their_latest_checkout
            an_invoice_found_late_tells_what_it_has_become
            events_are_listed_page_by_page_and_by_what_is_asked_for
            old_events_are_forgotten_and_delivered_ones_sooner
            events_that_no_rule_has_put_off_are_put_right
            the_same_event_is_kept_once
        ] }
        $crate::store::suite::suite! { @ $empty, shops [
            shops_that_have_rows_are_named
            a_checkout_is_read_back_with_its_shop_and_listed_by_it_alone
            equal_idempotency_keys_of_two_shops_do_not_meet
            two_gateways_may_call_their_invoices_the_same
            one_address_has_one_receiver_whatever_shops_they_are_of
            equal_customers_of_two_shops_are_two
        ] }
        $crate::store::suite::suite! { @ $empty, retention [
            whatever_may_be_money_keeps_a_checkout_for_ever
            an_unpaid_checkout_goes_when_it_and_its_last_invoice_are_old_enough
            no_more_than_so_many_expired_checkouts_are_kept
            room_is_made_by_those_that_nobody_chose_for_and_that_close_first
            room_is_made_in_one_shop_and_no_other
            room_is_made_by_the_network_that_has_most
            a_flood_is_cut_down_to_the_limit
            money_that_comes_while_old_ones_are_deleted_keeps_its_checkout
            networks_are_forgotten_when_nobody_takes_turns_with_them_any_more
        ] }
    };
    (@ $empty:path, $noun:ident [$($behaviour:ident)+]) => {
        mod $noun {
            $(
                #[tokio::test]
                async fn $behaviour() {
                    $crate::store::suite::$noun::$behaviour($empty).await;
                }
            )+
        }
    };
}

pub(in crate::store) use suite;
