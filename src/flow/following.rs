//! The proxy's stream: opened behind an answered question, taken in like an answer, and left for the questions when it is of no use.

use super::Flow;
use crate::api::{Answer, PendingRequest};
use crate::failure::Failure;
use crate::feed::End;
use crate::question::Question;
use crate::stream::Heard;
use crate::stream_reader::Message;
use crate::{answer_reader, visibility};
use checkout::Phase;

impl Flow {
    /// Opens the stream where there may be one: on a page that is looked at, for a checkout that can still change.
    pub(super) fn follow(self) {
        if !self.is_there() {
            return;
        }
        let id = {
            let known = &self.ui_untracked().known;
            if visibility::is_hidden()
                || known.phase().is_none_or(|phase| phase == Phase::Completed)
            {
                return;
            }
            known.id().to_owned()
        };
        let question = Question::Follow { id };
        let opened = self.with_polling(|polling| {
            let opened = polling.stream.open(|| PendingRequest::of(&question))?;
            Some((opened, polling.proxy.clone()))
        });
        let Some(((number, request), proxy)) = opened.flatten() else {
            return;
        };
        self.exchange(number, proxy, question, request);
    }

    /// Stream `number` came to its end, which is nothing new if it was closed here.
    pub(super) fn end_stream(self, number: u32, answer: Result<Option<Answer>, Failure>) {
        let is_current = self.with_polling(|polling| polling.stream.is_current(number));
        if is_current != Some(true) {
            return;
        }
        self.fall_back(match answer {
            Err(failure) if !failure.may_pass() => End::Refused,
            _ => End::Failed,
        });
    }

    /// Closes the stream: the page is not looked at, or what it follows is another checkout.
    pub(super) fn unfollow(self) {
        self.with_polling(|polling| polling.stream.close());
    }

    /// Leaves the stream for the questions. The pages of a shop lose it in the same instant when their proxy starts anew, so each asks at a
    /// moment of its own within one pace.
    pub(super) fn fall_back(self, end: End) {
        let jitter = self.with_polling(|polling| polling.stream.end(end));
        self.schedule(jitter);
    }

    /// Takes in a piece of stream `number`; says whether more of it is wanted.
    pub(super) fn hear(self, number: u32, piece: &str) -> bool {
        let mut piece = piece;
        loop {
            match self.with_polling(|polling| polling.stream.hear(number, piece)) {
                Some(Heard::Message(message)) => {
                    if !self.take_pushed(message) {
                        return false;
                    }
                    piece = "";
                }
                Some(Heard::Nothing) => return true,
                Some(Heard::Enough) | None => return false,
            }
        }
    }

    /// Takes in what the stream brought; says whether it is of any use. A choice that is under way is not disturbed: its answer is newer.
    fn take_pushed(self, message: Message) -> bool {
        if self.tick() {
            // The computer slept: nobody knows for how long this was on its way.
            self.look_up();
            return false;
        }
        let Some(checkout) = answer_reader::checkout(&message.text) else {
            return false;
        };
        let (is_choosing, id) = {
            let ui = self.ui_untracked();
            (ui.chosen.is_some(), ui.known.id().to_owned())
        };
        let is_newer = self.with_polling(|polling| {
            polling.stream.has_missed |= is_choosing;
            checkout.now >= polling.stream.newest
        });
        if is_choosing || is_newer != Some(true) {
            return is_choosing;
        }
        let question = Question::Follow { id };
        let answer = Answer {
            checkout,
            text: message.text,
            etag: Some(message.etag),
        };
        let is_believed = self.learn(answer, 0, question);
        if is_believed {
            // A deadline may be another one now.
            self.schedule(None);
        }
        is_believed
    }
}
