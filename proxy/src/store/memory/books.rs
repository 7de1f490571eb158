//! How many things there are in memory.

use async_trait::async_trait;
use checkout::Phase;

use super::Memory;
use crate::checkouts::attempt::AttemptState;
use crate::store::books::Books;
use crate::store::database::Counts;
use crate::store::error::StoreError;

#[async_trait]
impl Counts for Memory {
    async fn books(&self) -> Result<Books, StoreError> {
        Ok(self.read(|rows| {
            let attempts = |state| {
                let all = rows.attempts.iter();
                count(all.filter(|attempt| attempt.state == state))
            };
            let in_phase = |phase| {
                let all = rows.invoices.iter();
                count(all.filter(|row| row.invoice.phase == phase))
            };
            let invoices = Phase::ALL.into_iter().map(|phase| (phase, in_phase(phase)));
            let customers = rows.customers.iter();
            Books {
                checkouts: count(rows.checkouts.iter()),
                idempotency_keys: count(rows.keys.iter()),
                attempts_started: attempts(AttemptState::Started),
                attempts_made: attempts(AttemptState::Made),
                attempts_refused: attempts(AttemptState::Refused),
                invoices: invoices.filter(|(_, many)| *many > 0).collect(),
                deposits: count(rows.deposits.iter()),
                flags: count(rows.flags.iter()),
                alarms: count(rows.alarms.iter()),
                customers: count(customers.clone().filter(|row| row.gateway_id.is_some())),
                customer_calls: customers.map(|row| row.open_calls).sum(),
            }
        }))
    }
}

fn count<T>(all: impl Iterator<Item = T>) -> u32 {
    u32::try_from(all.count()).unwrap_or(u32::MAX)
}
