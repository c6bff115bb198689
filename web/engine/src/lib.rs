//! What the calculator page asks of the engine, and what it is answered. The engine runs in workers and knows nothing of
//! documents.
//!
//! ```text
//! page ──Ask──▶ Quick   what is on the page at once: bills, pictures, scorecards, why
//!      ──Ask──▶ Later   what somebody asks for: files, futures, where platforms cross, the cheapest build
//! ```
//!
//! Both are one library, for tests too. The page has a module of each: the second, which most visitors never need, is loaded
//! when it is asked for the first time.

mod case;
mod change;
pub mod examples;
pub mod later;
pub mod protocol;
pub mod quick;
mod sheet;

pub use case::{Case, Cases, Fetched, faults, place};
