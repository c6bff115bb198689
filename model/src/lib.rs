//! Capacity and cost of Kafka-compatible streaming platforms, as pure functions.
//!
//! A scenario and a price list in, a [`Comparison`] out. For each platform the data goes one
//! straight way, each step one function in a module of its own:
//!
//! ```text
//! split ▶ workload ▶ load ▶ flows ▶ storage ▶ sizing ▶ costs (usage) ▶ bill ▶ plan ─┐
//!                                                       comparison ◀── join ◀────────┘
//! ```
//!
//! No function here reads a file, a clock or the environment, prints, or panics on input; what is drawn has a seed that the
//! scenario says.

// In the order of the data's way. Types are shared across it; steps call those above them.
pub mod calendar;
pub mod float;
pub mod letters;
pub mod map;
pub mod order;
pub mod units;

pub mod money;
pub mod quantiles;
pub mod quantity;
mod rounding;
pub mod shape;

pub mod draws;

pub mod workload;

pub mod prices;

pub mod bill;

pub mod parameters;

pub mod presets;

pub mod events;
pub mod lines;
pub mod policy;

pub mod design;

pub mod finance;
pub mod scenario;

pub mod load;

pub mod storage;

pub mod flows;

pub mod sizing;

pub mod tariff;

pub mod coordinator;
pub mod costs;
pub mod latency;

pub mod basis;

pub mod plan;

pub mod cheapest;

pub mod simulate;

pub mod topics;

pub mod horizon;

pub mod ledger;
pub mod parts;

pub mod objectives;

#[cfg(feature = "optimize")]
pub mod optimize;

pub mod published;

pub mod comparison;
pub mod staleness;

pub mod variance;

pub mod actuals;

pub mod brief;

pub mod range;

pub mod breakeven;

pub mod sweep;

pub mod scorecard;

pub mod uncertainty;

pub mod explain;

pub mod sensitivity;

pub mod chart;

pub mod export;

pub use comparison::{Comparison, View, compare};
pub use load::Month;
pub use plan::{Plan, Rejection, plan};
pub use prices::Prices;
pub use scenario::Scenario;
