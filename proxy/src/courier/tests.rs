//! Deliveries to servers on this computer: what each answer means, and that nothing is called that must not be.

mod answers;
mod forbidden;
mod spellings;
mod stand;
