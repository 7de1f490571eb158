//! The sandbox and the reference model, side by side: each step is done to both, then all that can be seen is compared.

use checkout::deciding;
use serde::de::IgnoredAny;

use crate::comparison::{Difference, compare, compare_events, same};
use crate::desk::{
    Chosen, Code, DepositPage, Desk, SentDeposit, ShownEvent, ShownInvoice, ShownWidget, date,
};
use crate::phases::Follower;
use crate::reference::{
    COINS, Coin, Gateway, Invoice, NoChoice, Sender, Stage, State, Terms, WidgetState,
};
use crate::steps::{Decision, Step, coin};

/// One sequence being played on a desk.
pub(crate) struct Lockstep<'a> {
    desk: &'a Desk,
    pub(crate) gateway: Gateway,
    invoices: Vec<Twin>,
    /// The keys of the widgets.
    widgets: Vec<String>,
}

/// The sandbox's names for an invoice of the model, and the phases a buyer saw.
struct Twin {
    id: String,
    address: String,
    deposits: Vec<SentDeposit>,
    follower: Follower,
}

impl<'a> Lockstep<'a> {
    /// Both sides empty, with the same rates.
    pub(crate) fn start(desk: &'a Desk, rates: &[u128]) -> Self {
        desk.clear();
        let lockstep = Self {
            desk,
            gateway: Gateway::new(desk.now(), rates.to_vec(), desk.tolerance),
            invoices: Vec::new(),
            widgets: Vec::new(),
        };
        for (coin, rate) in COINS.iter().zip(rates) {
            lockstep.fix_rate(coin, *rate);
        }
        lockstep
    }

    /// Does a step to both sides and compares their answers.
    pub(crate) fn step(&mut self, step: Step) -> Result<(), Difference> {
        match step {
            Step::Create {
                coin: place,
                terms,
                amount,
                life,
            } => {
                let expected = self.gateway.create(coin(place), terms, amount, life);
                let shown = self.create(expected)?;
                self.adopt(shown);
                Ok(())
            }
            Step::CreateWidget { coins, cents, life } => self.create_widget(coins, cents, life),
            Step::Choose {
                widget,
                coin: place,
            } => self.choose(widget, coin(place)),
            Step::Deposit {
                invoice,
                amount,
                sender,
                lower_case,
                stage,
            } => self.deposit(invoice, amount, sender, lower_case, stage),
            Step::Advance {
                invoice,
                deposit,
                stage,
            } => self.advance(invoice, deposit, stage),
            Step::Decide { invoice, decision } => self.decide(invoice, decision),
            Step::FixRate { coin: place, rate } => {
                self.gateway.fix_rate(place, rate);
                self.fix_rate(coin(place), rate);
                Ok(())
            }
            Step::Wait { millis } => {
                self.desk.wait(millis);
                self.gateway.wait_until(self.gateway.now + millis);
                same("time", &self.gateway.now, &self.desk.now())
            }
        }
    }

    fn adopt(&mut self, shown: ShownInvoice) {
        self.invoices.push(Twin {
            id: shown.id,
            address: shown.invoice_address,
            deposits: Vec::new(),
            follower: Follower::new(),
        });
    }

    fn fix_rate(&self, coin: &Coin, rate: u128) {
        let rate = format!("{}.{:04}", rate / 10_000, rate % 10_000);
        let body = format!(
            "{{\"fromCurrency\":\"{}\",\"toCurrency\":\"EUR\",\"rate\":\"{rate}\"}}",
            coin.code
        );
        let fixed: Result<IgnoredAny, Code> = self.desk.control("rates", &body);
        fixed.expect("a rate that can be fixed");
    }

    fn create(&self, expected: usize) -> Result<ShownInvoice, Difference> {
        let invoice = &self.gateway.invoices[expected];
        let (path, terms) = match invoice.terms {
            Terms::SingleFiat { cents } => (
                "single-fiat",
                format!(",\"fiatAmount\":{},\"fiatCurrency\":\"EUR\"", price(cents)),
            ),
            Terms::Single => (
                "single",
                format!(
                    ",\"amount\":{}",
                    invoice.coin.text(invoice.amount.expect("a price"))
                ),
            ),
            Terms::Bound { least } => (
                "bound",
                format!(",\"lowerBound\":{}", invoice.coin.text(least)),
            ),
            Terms::Unlimited | Terms::UnlimitedLinked => ("unlimited", String::new()),
        };
        let usual = invoice.created + invoice.coin.life;
        let wish = invoice.expiration.filter(|end| *end != usual);
        let expiration = wish.map_or(String::new(), |end| {
            format!(",\"expiration\":\"{}\"", date(end))
        });
        let payload = format!(
            "{{\"currency\":\"{}\",\"description\":\"x\"{terms}{expiration}}}",
            invoice.coin.code
        );
        let made = self
            .desk
            .call::<ShownInvoice>(&format!("invoice/{path}/create"), &payload);
        let made = made.map_err(|code| format!("creating was refused: {code}: {payload}"))?;
        compare(invoice, &[], &made)?;
        Ok(made)
    }

    fn create_widget(
        &mut self,
        coins: [usize; 2],
        cents: Option<u128>,
        life: Option<i64>,
    ) -> Result<(), Difference> {
        let names = coins
            .map(|place| format!("\"{}\"", COINS[place].code))
            .join(",");
        self.gateway
            .create_widget(coins.map(coin).to_vec(), cents, life);
        let (path, price) = match cents {
            Some(cents) => (
                "single-fiat",
                format!(",\"fiatAmount\":{},\"fiatCurrency\":\"EUR\"", price(cents)),
            ),
            None => ("unlimited-linked", String::new()),
        };
        let expiration = life.map_or(String::new(), |life| {
            format!(",\"expiration\":\"{}\"", date(self.gateway.now + life))
        });
        let payload =
            format!("{{\"cryptoCurrencies\":[{names}],\"description\":\"x\"{price}{expiration}}}");
        let made = self
            .desk
            .call::<ShownWidget>(&format!("payment-widget/{path}/create"), &payload);
        let made =
            made.map_err(|code| format!("creating a widget was refused: {code}: {payload}"))?;
        self.widgets.push(made.idempotency_key);
        Ok(())
    }

    fn choose(&mut self, widget: usize, coin: &'static Coin) -> Result<(), Difference> {
        let Some(key) = self.widgets.get(widget) else {
            return Ok(());
        };
        let known = self.gateway.invoices.len();
        let body = format!("{{\"currency\":\"{}\"}}", coin.code);
        let chosen = self
            .desk
            .control::<Chosen>(&format!("widgets/{key}/choose"), &body);
        let expected = self.gateway.choose(widget, coin);
        let refusal = expected.err().map(|no| match no {
            NoChoice::Closed => "widget_closed",
            NoChoice::NotOffered => "currency_not_offered",
        });
        same(
            "refusal of a choice",
            &refusal,
            &chosen.as_ref().err().map(String::as_str),
        )?;
        let (Ok(expected), Ok(chosen)) = (expected, chosen) else {
            return Ok(());
        };
        if expected == known {
            let shown = self.get(&chosen.invoice_id)?;
            compare(&self.gateway.invoices[expected], &[], &shown)?;
            self.adopt(shown);
        }
        same(
            "chosen invoice",
            &self.invoices[expected].id,
            &chosen.invoice_id,
        )
    }

    fn deposit(
        &mut self,
        invoice: usize,
        amount: u128,
        sender: Sender,
        lower_case: bool,
        stage: Stage,
    ) -> Result<(), Difference> {
        let Some(twin) = self.invoices.get_mut(invoice) else {
            return Ok(());
        };
        self.gateway.deposit(invoice, amount, sender, stage);
        let model = &self.gateway.invoices[invoice];
        let from = match sender {
            Sender::Usual => None,
            Sender::Alice => Some("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
            Sender::Bob => Some("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"),
        };
        let from = from.map(|from| {
            if lower_case {
                from.to_lowercase()
            } else {
                from.to_owned()
            }
        });
        let from = from.map_or(String::new(), |from| format!(",\"from\":\"{from}\""));
        let body = format!(
            "{{\"address\":\"{}\",\"amount\":\"{}\",\"stage\":\"{}\"{from}}}",
            twin.address,
            model.coin.text(amount),
            word(stage)
        );
        let sent = self.desk.control::<SentDeposit>("deposits", &body);
        let sent = sent.map_err(|code| format!("a deposit was refused: {code}: {body}"))?;
        let lost = model.deposits.last().is_some_and(|deposit| deposit.lost);
        same("deposit is lost", &lost, &sent.lost)?;
        twin.deposits.push(sent);
        Ok(())
    }

    fn advance(&mut self, invoice: usize, deposit: usize, stage: Stage) -> Result<(), Difference> {
        let twin = self.invoices.get(invoice);
        let Some(sent) = twin.and_then(|twin| twin.deposits.get(deposit)) else {
            return Ok(());
        };
        let body = format!("{{\"stage\":\"{}\"}}", word(stage));
        let moved = self
            .desk
            .control::<SentDeposit>(&format!("deposits/{}", sent.id), &body);
        let can = self.gateway.advance(invoice, deposit, stage);
        let refusal = (!can).then_some("stage_impossible");
        same(
            "refusal of a deposit's move",
            &refusal,
            &moved.as_ref().err().map(String::as_str),
        )?;
        let Ok(moved) = moved else {
            return Ok(());
        };
        let lost = self.gateway.invoices[invoice].deposits[deposit].lost;
        same("deposit is lost", &lost, &moved.lost)
    }

    fn decide(&mut self, invoice: usize, decision: Decision) -> Result<(), Difference> {
        let Some(twin) = self.invoices.get(invoice) else {
            return Ok(());
        };
        let model = &mut self.gateway.invoices[invoice];
        let expected = match decision {
            Decision::Archive => model.archive(),
            Decision::CloseIntervention => model.close_intervention(),
            Decision::Refund => model.refund(),
            Decision::ReturnToPaid => self.gateway.return_to_paid(invoice),
        };
        let path = match decision {
            Decision::Archive => "archive",
            Decision::ReturnToPaid => "return-to-paid",
            Decision::CloseIntervention => "close-intervention",
            Decision::Refund => {
                let path = format!("invoices/{}/refund", twin.id);
                let done = self.desk.control::<IgnoredAny>(&path, "{}");
                let refusal = expected.err().map(|_| "invoice_state_wrong");
                return same("refusal of a refund", &refusal, &done.err().as_deref());
            }
        };
        let payload = format!("{{\"id\":\"{}\"}}", twin.id);
        let done = self
            .desk
            .call::<ShownInvoice>(&format!("invoice/{path}"), &payload);
        let refusal = expected.err().map(|_| "006");
        same(
            "refusal of a decision",
            &refusal,
            &done.as_ref().err().map(String::as_str),
        )?;
        match done {
            Ok(shown) => compare(&self.gateway.invoices[invoice], &twin.deposits, &shown),
            Err(_) => Ok(()),
        }
    }

    fn get(&self, id: &str) -> Result<ShownInvoice, Difference> {
        let shown = self.desk.call("invoice", &format!("{{\"id\":\"{id}\"}}"));
        shown.map_err(|code| format!("reading an invoice was refused: {code}"))
    }

    /// Reads every invoice as a client would, compares it, and moves the buyer's phase on.
    pub(crate) fn look(&mut self) -> Result<(), Difference> {
        for place in 0..self.invoices.len() {
            let shown = self.get(&self.invoices[place].id)?;
            let twin = &mut self.invoices[place];
            let model = &self.gateway.invoices[place];
            compare(model, &twin.deposits, &shown)
                .and_then(|()| twin.follower.see(model, &shown, self.gateway.now))
                .map_err(|difference| format!("invoice {place}: {difference}"))?;
        }
        Ok(())
    }

    /// Compares what is worth one look at the end of a sequence: widgets, deposit histories, all events.
    pub(crate) fn finish(&mut self) -> Result<(), Difference> {
        self.look()?;
        for place in 0..self.widgets.len() {
            self.compare_widget(place)
                .map_err(|difference| format!("widget {place}: {difference}"))?;
        }
        let mut events = self.desk.events();
        for (place, twin) in self.invoices.iter().enumerate() {
            let model = &self.gateway.invoices[place];
            let of_this = |event: &ShownEvent| event.data.parent_external_id == twin.id;
            let (shown, rest) = events.into_iter().partition(of_this);
            events = rest;
            self.compare_history(twin, model)
                .and_then(|()| compare_events(&twin.deposits, model, &shown))
                .and_then(|()| twin.follower.holds_out_of_order())
                .map_err(|difference| format!("invoice {place}: {difference}"))?;
        }
        same("events of unknown invoices", &0, &events.len())?;
        self.a_paid_invoice_decides()
    }

    /// Of several invoices of one checkout the client shows the one that is paid, if there is one.
    fn a_paid_invoice_decides(&self) -> Result<(), Difference> {
        let is_paid = |invoice: &Invoice| matches!(invoice.state, State::Paid | State::Completed);
        let phases = self.invoices.iter().map(|twin| twin.follower.phase());
        let shown = deciding(phases).is_some_and(|place| is_paid(&self.gateway.invoices[place]));
        let paid = self.gateway.invoices.iter().any(is_paid);
        same("a paid invoice decides", &paid, &shown)
    }

    fn compare_widget(&self, place: usize) -> Result<(), Difference> {
        let model = &self.gateway.widgets[place];
        let kind = if model.cents.is_some() {
            "single-fiat"
        } else {
            "unlimited-linked"
        };
        let payload = format!("{{\"requestId\":\"{}\"}}", self.widgets[place]);
        let shown = self
            .desk
            .call::<ShownWidget>(&format!("payment-widget/{kind}/find"), &payload);
        let shown = shown.map_err(|code| format!("not found: {code}"))?;
        let state = match model.state {
            WidgetState::InProgress => "IN_PROGRESS",
            WidgetState::Completed => "COMPLETED",
            WidgetState::Archived => "ARCHIVED",
        };
        same("widget state", &state, &shown.widget_state.as_str())?;
        let expected: Vec<_> = model
            .invoices
            .iter()
            .map(|invoice| {
                (
                    self.invoices[*invoice].id.as_str(),
                    self.gateway.invoices[*invoice].coin.code,
                )
            })
            .collect();
        let invoices: Vec<_> = shown
            .invoices
            .iter()
            .map(|invoice| {
                (
                    invoice.invoice_id.as_str(),
                    invoice.crypto_currency.as_str(),
                )
            })
            .collect();
        same("invoices of the widget", &expected, &invoices)
    }

    fn compare_history(&self, twin: &Twin, model: &Invoice) -> Result<(), Difference> {
        let payload = format!("{{\"id\":\"{}\",\"direction\":\"ASC\"}}", twin.id);
        let page = self
            .desk
            .call::<DepositPage>("invoice/deposit-history", &payload);
        let page = page.map_err(|code| format!("no deposit history: {code}"))?;
        let mut expected: Vec<_> = model
            .counted()
            .map(|(place, deposit)| (twin.deposits[place].id.as_str(), Some(deposit.amount)))
            .collect();
        let mut shown: Vec<_> = page
            .result
            .iter()
            .map(|deposit| (deposit.id.as_str(), model.coin.units(deposit.amount.get())))
            .collect();
        expected.sort_unstable();
        shown.sort_unstable();
        same("deposit history", &expected, &shown)
    }
}

fn word(stage: Stage) -> &'static str {
    match stage {
        Stage::Mempool => "mempool",
        Stage::Confirmed => "confirmed",
        Stage::Dropped => "dropped",
        Stage::Review => "review",
        Stage::Declined => "declined",
    }
}

fn price(cents: u128) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}
