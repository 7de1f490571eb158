//! What an operator sees: the log, the meters, whether the proxy is well; and that none of it holds a secret or a buyer.

mod canary;
mod documented;
mod health;
mod hostile_labels;
mod lines;
mod messages;
mod meters;
mod request_ids;
mod scrape;
mod traces;
mod watched;
