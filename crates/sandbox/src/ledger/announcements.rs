//! What an event about an invoice says (gateway reference §5.5).

use std::collections::BTreeMap;

use checkout::{Amount, Rounding, Timestamp};

use super::Ledger;
use crate::dialect::Ids;
use crate::event::{EventFields, EventName, ExternalIdField, FiatAmount, TransactionIdField};
use crate::index::{DepositIndex, InvoiceIndex};
use crate::invoice::Invoice;
use crate::number::Number;

impl Ledger {
    /// Tells what happened to an invoice.
    pub(super) fn announce(
        &mut self,
        at: Timestamp,
        event: EventName,
        index: InvoiceIndex,
        deposit: Option<DepositIndex>,
    ) {
        if self.anybody_wants(event) {
            let fields = self.invoice_fields(at, event, &self.invoices[index.0], deposit);
            self.tell(at, event, &fields);
        }
    }

    fn invoice_fields(
        &self,
        at: Timestamp,
        event: EventName,
        invoice: &Invoice,
        deposit: Option<DepositIndex>,
    ) -> EventFields {
        use EventName::{
            InvoiceComplianceDeclined, InvoiceCreated, InvoiceExpired, InvoiceFundsReceived,
            InvoiceMempoolFound, InvoicePaid, InvoicePendingCompliance,
            InvoiceTranslationCompleted, UnlimitedInvoiceCreated,
        };
        let order = &invoice.order;
        let deposit = deposit.map(|index| &self.deposits[index.0]);
        let currency = Some(order.currency.code);
        let text = Some(order.description.clone());
        let created_date = Some(invoice.created.into());
        let price = order.terms.fiat();
        let common = EventFields {
            parent_external_id: Some(invoice.name(Ids::Text)),
            number: Some(invoice.number),
            idempotency_key: Some(invoice.key),
            external_id: order.external_id.clone().map(ExternalIdField::Text),
            ..EventFields::default()
        };
        match event {
            InvoiceCreated | UnlimitedInvoiceCreated => EventFields {
                amount: invoice.amount.map(Number),
                currency,
                fiat_currency: price.map(|(_, currency)| currency),
                message: text,
                created_date,
                ..common
            },
            InvoiceMempoolFound | InvoicePaid => EventFields {
                amount: invoice.amount.or(Some(invoice.received)).map(Number),
                currency,
                description: text,
                fiat_amount: price.map(|(amount, _)| FiatAmount::One(Number(amount))),
                fiat_currency: price.map(|(_, currency)| currency),
                worth: invoice
                    .amount
                    .or(Some(invoice.received))
                    .and_then(|amount| self.worth_in("EUR", amount, order.currency.code, at)),
                real_amount: Some(Number(
                    deposit.map_or(invoice.received, |deposit| deposit.amount),
                )),
                created_date,
                transaction_hash: deposit.map(|deposit| deposit.transaction_hash.clone()),
                ..common
            },
            InvoiceFundsReceived | InvoicePendingCompliance | InvoiceComplianceDeclined => {
                EventFields {
                    amount: deposit.map(|deposit| Number(deposit.amount)),
                    currency,
                    message: text.clone(),
                    description: text.filter(|_| event == InvoiceFundsReceived),
                    transaction_id: deposit.map(|deposit| TransactionIdField::One(deposit.id)),
                    transaction_hash: deposit.map(|deposit| deposit.transaction_hash.clone()),
                    sender_address: deposit.map(|deposit| deposit.from.clone()),
                    payment_date: Some(at.into()),
                    created_date,
                    fiat_amount: deposit
                        .map(|deposit| self.worth(deposit.amount, order.currency.code, at)),
                    ..common
                }
            }
            InvoiceTranslationCompleted => {
                // Of an invoice without end each deposit is credited, of any other all of them together.
                let amount = deposit.map_or(invoice.received, |deposit| deposit.amount);
                let fee = deposit.map_or(invoice.fee, |deposit| deposit.fee);
                let counted = invoice
                    .deposits
                    .iter()
                    .map(|index| &self.deposits[index.0])
                    .filter(|one| one.counts());
                let all = || counted.map(|deposit| deposit.id).collect();
                EventFields {
                    amount: Some(Number(amount)),
                    service_fee: fee.map(Number),
                    currency,
                    message: text,
                    created_date: Some(at.into()),
                    fiat_amount: Some(self.worth(amount, order.currency.code, at)),
                    transaction_ids: Some(deposit.map_or_else(all, |deposit| vec![deposit.id])),
                    ..common
                }
            }
            InvoiceExpired => EventFields {
                amount: invoice.amount.map(Number),
                currency,
                message: text,
                created_date,
                expiration_date: invoice.expiration.map(Into::into),
                fiat_amount: Some(FiatAmount::Each(BTreeMap::new())),
                ..common
            },
            _ => EventFields {
                message: text,
                ..common
            },
        }
    }

    /// What an amount is worth in each fiat currency, to six decimals.
    pub(super) fn worth(&self, amount: Amount, currency: &str, at: Timestamp) -> FiatAmount {
        let worth = ["EUR", "USD"].into_iter().filter_map(|fiat| {
            let (worth, fiat) = self.worth_in(fiat, amount, currency, at)?;
            Some((fiat, worth))
        });
        FiatAmount::Each(worth.collect())
    }

    fn worth_in(
        &self,
        fiat: &'static str,
        amount: Amount,
        currency: &str,
        at: Timestamp,
    ) -> Option<(Number, &'static str)> {
        let rate = self.rates.quote(currency, fiat, at)?;
        let worth = amount.checked_mul(rate, 6, Rounding::Down).ok()?;
        Some((Number(worth.normalized()), fiat))
    }
}
