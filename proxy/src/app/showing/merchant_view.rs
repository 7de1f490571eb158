//! The checkout as its merchant sees it: the buyer's view, and every invoice and deposit with fees, sums and contradictions.

use std::collections::{BTreeMap, HashMap};

use checkout::wire::{
    AlarmView, CheckoutView, DecisionView, DepositListView, FlagView, LedgerView,
    MerchantCheckoutView, MerchantDepositView, MerchantInvoiceView, MerchantView, TotalView,
    WorthView,
};
use checkout::{Amount, InterventionKind, Timestamp};
use uuid::Uuid;

use crate::app::state::App;
use crate::checkouts::alarm::Alarm;
use crate::checkouts::decision::Decision;
use crate::checkouts::deposit::{Deposit, Flag, Known, is_possible, sum};
use crate::checkouts::invoice::Invoice;
use crate::checkouts::snapshot::Snapshot;
use crate::reading::ledger::Posting;
use crate::reading::ledger::account::{Account, accounts};
use crate::reading::ledger::value::Value;
use crate::refusal::Refusal;

impl Snapshot {
    /// When money to an address comes too late.
    fn end_of(&self, paid_to: Uuid) -> Timestamp {
        let mut invoices = self.invoices.iter();
        invoices
            .find(|invoice| invoice.key == paid_to)
            .map_or(self.checkout.expires_at, |invoice| invoice.expires_at)
    }
}

impl App {
    /// The merchant's view.
    ///
    /// # Errors
    /// `store_unavailable`; `internal`, should a sum of deposits be no amount.
    pub(crate) async fn merchant_view(
        &self,
        snapshot: &Snapshot,
    ) -> Result<MerchantCheckoutView, Refusal> {
        let view = self.view(snapshot).await?;
        let booked = self.store.ledger_of(snapshot.receivers()).await?;
        let receipt = self.receipt_of(snapshot, &booked, view.now).ok();
        let deposits = self.list_of(snapshot, &booked).await?;
        let decisions = self.store.decisions_of(snapshot.checkout.id).await?;
        let decisions = decisions.iter().map(decision_view).collect();
        Ok(self.all_of(view, snapshot, deposits, (receipt, decisions)))
    }

    /// The merchant's view, given the buyer's, the deposits, the receipt and what the merchant has decided.
    pub(in crate::app) fn all_of(
        &self,
        mut view: CheckoutView,
        snapshot: &Snapshot,
        deposits: DepositListView,
        (receipt, decisions): (Option<String>, Vec<DecisionView>),
    ) -> MerchantCheckoutView {
        view.url = Some(self.page_url(&view.id));
        let now = view.now;
        let (_, deciding) = snapshot.standing(now);
        let deciding = deciding.map(|invoice| invoice.key);
        let checkout = &snapshot.checkout;
        let DepositListView {
            deposits,
            totals,
            flags,
        } = deposits;
        MerchantCheckoutView {
            checkout: view,
            external_id: checkout.external_id.clone(),
            merchant: MerchantView {
                created_at: checkout.created_at,
                product: checkout.product.clone(),
                customer: checkout
                    .purpose
                    .customer()
                    .map(|customer| customer.as_str().to_owned()),
                invoices: snapshot
                    .invoices
                    .iter()
                    .map(|invoice| {
                        let decides = deciding == Some(invoice.key);
                        self.merchant_invoice(invoice, decides, now)
                    })
                    .collect(),
                deposits,
                totals,
                flags,
                alarms: snapshot.alarms.iter().map(alarm_view).collect(),
                receipt,
                decisions,
            },
        }
    }

    /// Every deposit to every address of the checkout, or of its customer.
    ///
    /// # Errors
    /// As for [`App::merchant_view`].
    pub(crate) async fn deposit_list(
        &self,
        snapshot: &Snapshot,
    ) -> Result<DepositListView, Refusal> {
        let booked = self.store.ledger_of(snapshot.receivers()).await?;
        self.list_of(snapshot, &booked).await
    }

    async fn list_of(
        &self,
        snapshot: &Snapshot,
        booked: &[Posting],
    ) -> Result<DepositListView, Refusal> {
        let known = self.store.deposits(snapshot.receivers()).await?;
        list_view(&known, booked, snapshot)
    }

    fn merchant_invoice(
        &self,
        invoice: &Invoice,
        decides: bool,
        now: Timestamp,
    ) -> MerchantInvoiceView {
        let shop = self.shop(&invoice.shop).ok();
        let pages = shop.and_then(|shop| shop.config.gateway.pay_url.as_ref());
        MerchantInvoiceView {
            id: invoice.gateway_id.clone(),
            idempotency_key: invoice.key.to_string(),
            currency: invoice.currency.code.to_owned(),
            state: invoice.phase_at(now),
            decides,
            status: invoice.status.as_str().to_owned(),
            intervention: invoice
                .intervention
                .as_ref()
                .map(|kind| InterventionKind::as_str(kind).to_owned()),
            address: invoice.address.as_str().to_owned(),
            amount: invoice.amount,
            received: invoice.received,
            fee: invoice.fee,
            net: net(invoice),
            transaction: invoice.transaction.clone(),
            priced_at: invoice.priced_at,
            expires_at: invoice.expires_at,
            paid_at: invoice.paid_at,
            second_payment_at: invoice.second_payment_at,
            hosted_url: pages.map(|base| {
                let base = base.as_str().trim_end_matches('/');
                format!("{base}/invoice/{}", invoice.key)
            }),
        }
    }
}

/// What is left of a payment after the service fee (gateway reference §7.5). The fee of a top-up's invoice is what making it has cost
/// (§2.9), which is not taken from what arrives there.
fn net(invoice: &Invoice) -> Option<Amount> {
    invoice.amount?;
    if invoice.received.is_zero() {
        return None;
    }
    let net = invoice.received.checked_sub(invoice.fee?).ok()?;
    Some(net.normalized())
}

/// Each deposit with the contradictions about it, and those about none.
pub(in crate::app) fn list_view(
    known: &Known,
    booked: &[Posting],
    snapshot: &Snapshot,
) -> Result<DepositListView, Refusal> {
    let Known {
        deposits, flags, ..
    } = known;
    let accounts = accounts(booked);
    let accounts: HashMap<_, _> = accounts
        .iter()
        .map(|account| {
            (
                (account.first.paid_to, account.first.deposit.as_str()),
                account,
            )
        })
        .collect();
    let is_about = |flag: &Flag, deposit: &Deposit| {
        flag.paid_to == deposit.paid_to && flag.deposit == deposit.id
    };
    let is_nobodys = |flag: &&Flag| !deposits.iter().any(|deposit| is_about(flag, deposit));
    let nobodys = flags.iter().filter(is_nobodys).map(flag_view).collect();
    let views = deposits.iter().map(|deposit| {
        let about = flags.iter().filter(|flag| is_about(flag, deposit));
        let account = accounts
            .get(&(deposit.paid_to, deposit.id.as_str()))
            .copied();
        deposit_view(deposit, snapshot, account, about.map(flag_view).collect())
    });
    Ok(DepositListView {
        deposits: views.collect(),
        totals: totals(deposits)?,
        flags: nobodys,
    })
}

fn deposit_view(
    deposit: &Deposit,
    snapshot: &Snapshot,
    account: Option<&Account<'_>>,
    flags: Vec<FlagView>,
) -> MerchantDepositView {
    let late = account.and_then(|account| account.counted.late);
    let to_invoice = snapshot.checkout.purpose.customer().is_none();
    MerchantDepositView {
        id: deposit.id.clone(),
        invoice: to_invoice.then(|| deposit.paid_to.to_string()),
        currency: deposit.currency.to_string(),
        amount: deposit.amount,
        state: deposit.state,
        transaction: deposit.transaction.clone(),
        from: deposit.sender.clone(),
        at: deposit.at,
        late: late.unwrap_or_else(|| deposit.at >= snapshot.end_of(deposit.paid_to)),
        missing_since: deposit.missing_since,
        ledger: account.map(ledger_view),
        flags,
    }
}

fn ledger_view(account: &Account<'_>) -> LedgerView {
    let counted = account.counted;
    let worth = |value: Value| WorthView {
        currency: value.currency.to_owned(),
        rate: value.rate,
        amount: value.amount,
    };
    LedgerView {
        counted_at: account.first.cause.at,
        asked: counted.asked,
        expected: counted.expected,
        short: account.short(),
        excess: account.excess(),
        second_payment: counted.second.map(|second| second.to_string()),
        at_sale: counted.at_sale.map(worth),
        credited_at: account.credited_at,
        credited: account.credited,
        fee: account.fee,
        at_credit: account.at_credit.map(worth),
    }
}

fn flag_view(flag: &Flag) -> FlagView {
    let told = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    FlagView {
        kind: flag.kind,
        known: told(&flag.known),
        read: told(&flag.read),
        at: flag.at,
    }
}

fn alarm_view(alarm: &Alarm) -> AlarmView {
    AlarmView {
        invoice: alarm.invoice.to_string(),
        kind: alarm.kind.clone(),
        detail: alarm.detail.clone(),
        at: alarm.at,
    }
}

pub(in crate::app) fn decision_view(decision: &Decision) -> DecisionView {
    DecisionView {
        act: decision.name.act.to_string(),
        invoice: decision.name.invoice.map(|key| key.to_string()),
        decided_at: decision.decided_at,
        state: decision.state.to_string(),
    }
}

/// The sums in the order of the currencies' codes.
fn totals(deposits: &[Deposit]) -> Result<Vec<TotalView>, Refusal> {
    let mut by_currency: BTreeMap<&str, Vec<&Deposit>> = BTreeMap::new();
    for deposit in deposits {
        let of_one = by_currency.entry(deposit.currency.code()).or_default();
        of_one.push(deposit);
    }
    let total = |(currency, of_one): (&str, Vec<&Deposit>)| {
        let (arrived, rest): (Vec<&Deposit>, Vec<&Deposit>) =
            of_one.into_iter().partition(|deposit| deposit.counts());
        let on_the_way = rest.into_iter().filter(|deposit| is_pending(deposit));
        Ok(TotalView {
            currency: currency.to_owned(),
            received: sum(arrived).map_err(Refusal::internal)?,
            pending: sum(on_the_way).map_err(Refusal::internal)?,
        })
    };
    by_currency.into_iter().map(total).collect()
}

/// Whether a deposit may still come to count.
fn is_pending(deposit: &Deposit) -> bool {
    deposit.is_on_the_way() && is_possible(deposit.amount, &deposit.currency)
}

#[cfg(test)]
mod tests;
