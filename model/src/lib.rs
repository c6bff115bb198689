//! Capacity and cost of Kafka-compatible streaming platforms, as pure functions.

pub mod bill;
pub mod design;
pub mod money;
pub mod parameters;
pub mod presets;
pub mod prices;
pub mod quantity;
pub mod scenario;
pub mod shape;
pub mod units;
pub mod workload;
