//! Subscriptions and deliveries in the ledger: who is told what, when it is due, and what became of it.

use checkout::Timestamp;
use uuid::Uuid;

use super::{Due, Ledger, OrderRefusal};
use crate::dialect::{Dialect, DialectChange};
use crate::event::{EventFields, EventName};
use crate::faults::{FaultKind, Target};
use crate::index::DeliveryIndex;
use crate::webhook::{
    Attempt, Delivery, DeliveryState, Post, RETRY_SECONDS, Subscription, SubscriptionOrder,
    envelope,
};

impl Ledger {
    /// Makes a subscription, or returns the one of this name if it was ordered just like this.
    pub(crate) fn subscribe(
        &mut self,
        now: Timestamp,
        order: SubscriptionOrder,
    ) -> Result<&Subscription, OrderRefusal> {
        let name = order.request_id;
        if let Some(existing) = self.subscriptions.get(&name) {
            if existing.order != order || self.rules.repeated_key_is_refused {
                return Err(OrderRefusal::KeyReused);
            }
        } else {
            let count = self.count();
            let public_key = hex::encode(self.seed.short::<16>("webhook key", count));
            let secret = hex::encode(self.seed.short::<16>("webhook secret", count)).into();
            self.subscriptions
                .insert(name, Subscription::new(order, public_key, secret, now));
        }
        Ok(&self.subscriptions[&name])
    }

    /// Changes where a subscription is sent, and what. Its keys stay.
    pub(crate) fn change_subscription(
        &mut self,
        order: SubscriptionOrder,
    ) -> Option<&Subscription> {
        let subscription = self.subscriptions.get_mut(&order.request_id)?;
        subscription.order = order;
        Some(subscription)
    }

    /// Ends a subscription; what was still to be delivered is dropped. Tells whether there was one.
    pub(crate) fn unsubscribe(&mut self, name: Uuid) -> bool {
        self.subscriptions.remove(&name).is_some()
    }

    /// How the webhooks of a subscription are written, if there is one of this name.
    pub(crate) fn dialect_of(&self, name: Uuid) -> Option<Dialect> {
        let subscription = self.subscriptions.get(&name)?;
        Some(self.rules.dialect.with(subscription.dialect))
    }

    /// Has the webhooks of a subscription written differently from now on. Tells how, if there is one of this name.
    pub(crate) fn set_dialect(&mut self, name: Uuid, change: DialectChange) -> Option<Dialect> {
        self.subscriptions.get_mut(&name)?.dialect = change;
        self.dialect_of(name)
    }

    /// Every subscription, oldest first.
    pub(crate) fn subscriptions(&self) -> Vec<&Subscription> {
        let mut all: Vec<_> = self.subscriptions.values().collect();
        all.sort_by_key(|subscription| (subscription.created, subscription.order.request_id));
        all
    }

    /// Whether anybody has subscribed.
    pub(crate) fn has_subscriptions(&self) -> bool {
        !self.subscriptions.is_empty()
    }

    /// Every delivery, oldest first.
    pub(crate) fn deliveries(&self) -> &[Delivery] {
        &self.deliveries
    }

    /// Ends the blocking of a subscription and sends again what failed. Tells whether there was one.
    pub(crate) fn unblock(&mut self, name: Uuid, now: Timestamp) -> bool {
        let Some(subscription) = self.subscriptions.get_mut(&name) else {
            return false;
        };
        subscription.unblock();
        for (place, delivery) in self.deliveries.iter_mut().enumerate() {
            let retried = delivery.state == DeliveryState::Waiting && !delivery.attempts.is_empty();
            let failed = matches!(delivery.state, DeliveryState::Held | DeliveryState::Dropped);
            if delivery.subscription == name && (failed || retried) {
                let index = DeliveryIndex(place);
                if let Some(later) = delivery.next {
                    self.due.remove(&(later, Due::Deliver(index)));
                }
                delivery.state = DeliveryState::Waiting;
                delivery.next = Some(now);
                delivery.attempts.clear();
                self.due.insert((now, Due::Deliver(DeliveryIndex(place))));
            }
        }
        true
    }

    /// Tells every subscription that wants to know.
    pub(super) fn tell(&mut self, at: Timestamp, event: EventName, fields: &EventFields) {
        let wanting = self
            .subscriptions
            .values()
            .filter(|subscription| subscription.order.wants(event));
        let mut names: Vec<_> = wanting
            .map(|subscription| subscription.order.request_id)
            .collect();
        names.sort();
        for subscription in names {
            let index = DeliveryIndex(self.deliveries.len());
            let id = self.count();
            let change = self.subscriptions[&subscription].dialect;
            let dialect = self.rules.dialect.with(change);
            let body = envelope(subscription, id, at, event, fields, dialect);
            let (state, next) = (DeliveryState::Waiting, Some(at));
            self.deliveries.push(Delivery {
                id,
                subscription,
                event,
                body,
                state,
                next,
                attempts: Vec::new(),
                fault: None,
            });
            self.due.insert((at, Due::Deliver(index)));
        }
    }

    /// Whether anybody would be told about an event.
    pub(super) fn anybody_wants(&self, event: EventName) -> bool {
        self.subscriptions
            .values()
            .any(|subscription| subscription.order.wants(event))
    }

    /// An attempt is due: it is put where the courier takes it, unless a fault holds it back.
    pub(super) fn send(&mut self, index: DeliveryIndex, at: Timestamp) {
        let delivery = &mut self.deliveries[index.0];
        if delivery.state != DeliveryState::Waiting {
            return;
        }
        self.overtaken.retain(|held| *held != index);
        delivery.next = None;
        let Some(subscription) = self.subscriptions.get(&delivery.subscription) else {
            delivery.state = DeliveryState::Dropped;
            return;
        };
        if subscription.blocked {
            delivery.state = DeliveryState::Held;
            return;
        }
        let fresh = delivery.attempts.is_empty() && delivery.fault.is_none();
        let fault = if fresh {
            self.faults.take(Target::Delivery(delivery.event))
        } else {
            None
        };
        if let Some(fault) = fault {
            delivery.fault = Some(fault.kind);
            if fault.kind != FaultKind::WebhookDuplicate {
                let later = at.plus_seconds(i64::from(fault.delay_seconds));
                delivery.next = Some(later);
                self.due.insert((later, Due::Deliver(index)));
                if fault.kind == FaultKind::WebhookReorder {
                    self.overtaken.push(index);
                }
                return;
            }
        }
        delivery.state = DeliveryState::Sending;
        let post = Post {
            delivery: index,
            id: delivery.id,
            subscription: delivery.subscription,
            at,
            url: subscription.order.url.clone(),
            key: subscription.public_key.clone(),
            sign: calypso::sign::sign(&subscription.secret, delivery.body.as_bytes()),
            body: delivery.body.clone(),
            again: false,
        };
        let again = fault.map(|_| Post {
            again: true,
            ..post.clone()
        });
        self.posts.push(post);
        self.posts.extend(again);
        self.send_overtaken(self.deliveries[index.0].subscription, at);
    }

    /// What was to be overtaken by another delivery to its subscription follows now.
    fn send_overtaken(&mut self, subscription: Uuid, at: Timestamp) {
        let deliveries = &self.deliveries;
        let theirs = |index: &mut DeliveryIndex| deliveries[index.0].subscription == subscription;
        let released: Vec<_> = self.overtaken.extract_if(.., theirs).collect();
        for index in released {
            if let Some(later) = self.deliveries[index.0].next {
                self.due.remove(&(later, Due::Deliver(index)));
            }
            self.send(index, at);
        }
    }

    /// Deliveries that were under way when the state was saved are due again: nobody heard how they ended.
    pub(super) fn send_again(&mut self) {
        let again = self.caught_up;
        for (place, delivery) in self.deliveries.iter_mut().enumerate() {
            if delivery.state == DeliveryState::Sending {
                delivery.state = DeliveryState::Waiting;
                delivery.next = Some(again);
                self.due.insert((again, Due::Deliver(DeliveryIndex(place))));
            }
        }
    }

    /// The attempts that are due and have not been taken yet.
    pub(crate) fn take_posts(&mut self) -> Vec<Post> {
        std::mem::take(&mut self.posts)
    }

    /// Whether the courier has something to take.
    pub(crate) fn has_posts(&self) -> bool {
        let delivery_is_due =
            |(at, due): &(Timestamp, Due)| matches!(due, Due::Deliver(_)) && *at <= self.caught_up;
        !self.posts.is_empty()
            || self
                .due
                .iter()
                .take_while(|(at, _)| *at <= self.caught_up)
                .any(delivery_is_due)
    }

    /// How an attempt ended. Only 200 counts; the next attempt is counted from when this one was due.
    pub(crate) fn report(&mut self, post: &Post, status: Option<u16>) {
        let Some(delivery) = self
            .deliveries
            .get_mut(post.delivery.0)
            .filter(|delivery| delivery.id == post.id)
        else {
            // The sandbox was reset meanwhile.
            return;
        };
        delivery.attempts.push(Attempt {
            at: post.at,
            status,
            again: post.again,
        });
        if post.again {
            return;
        }
        let subscription = self.subscriptions.get_mut(&delivery.subscription);
        if status == Some(200) {
            delivery.state = DeliveryState::Delivered;
            if let Some(subscription) = subscription {
                subscription.succeeded(post.at);
            }
            return;
        }
        let Some(subscription) = subscription else {
            delivery.state = DeliveryState::Dropped;
            return;
        };
        subscription.failed(post.at);
        let own = delivery.attempts.iter().filter(|attempt| !attempt.again);
        match RETRY_SECONDS.get(own.count() - 1) {
            Some(seconds) => {
                let next = post.at.plus_seconds(*seconds);
                delivery.state = DeliveryState::Waiting;
                delivery.next = Some(next);
                self.due.insert((next, Due::Deliver(post.delivery)));
            }
            None => delivery.state = DeliveryState::Dropped,
        }
    }
}
