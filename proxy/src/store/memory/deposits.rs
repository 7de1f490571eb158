//! Deposits in memory, and what is odd about them.

use async_trait::async_trait;
use uuid::Uuid;

use super::Memory;
use super::rows::Rows;
use crate::checkouts::deposit::{Deposit, Flag, Known};
use crate::reading::deposit_reading::DepositReading;
use crate::reading::merge::DepositChanges;
use crate::store::database::Deposits;
use crate::store::error::StoreError;

#[async_trait]
impl Deposits for Memory {
    async fn deposits(&self, paid_to: Vec<Uuid>) -> Result<Known, StoreError> {
        Ok(self.read(|rows| {
            let mut all = Known::default();
            for key in paid_to {
                let of_one = rows.known(key);
                all.deposits.extend(of_one.deposits);
                all.flags.extend(of_one.flags);
            }
            all.deposits
                .sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
            all
        }))
    }

    async fn take_in_deposits(
        &self,
        reading: DepositReading,
    ) -> Result<DepositChanges, StoreError> {
        self.decide(
            |rows| rows.known(reading.paid_to.key()),
            |stored| Ok(reading.decide(stored)),
            |rows, changes| {
                for deposit in &changes.put {
                    put(rows, deposit);
                }
                for flag in &changes.flags {
                    put_flag(rows, flag);
                }
                Ok(())
            },
        )
        .await
    }
}

fn put(rows: &mut Rows, deposit: &Deposit) {
    let is_it = |known: &&mut Deposit| (known.paid_to, &known.id) == (deposit.paid_to, &deposit.id);
    match rows.deposits.iter_mut().find(is_it) {
        // It keeps its place among the others, which is that of the moment it was seen first.
        Some(known) => {
            *known = Deposit {
                at: known.at,
                ..deposit.clone()
            };
        }
        None => rows.deposits.push(deposit.clone()),
    }
}

fn put_flag(rows: &mut Rows, flag: &Flag) {
    let same = |known: &Flag| {
        (known.paid_to, &known.deposit, known.kind, &known.read)
            == (flag.paid_to, &flag.deposit, flag.kind, &flag.read)
    };
    if !rows.flags.iter().any(same) {
        rows.flags.push(flag.clone());
    }
}
