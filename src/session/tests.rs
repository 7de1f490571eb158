//! What follows from an answer: screens, states, news.
