//! What the page asks of its engine, and what the engine answers, compiled for this machine from the page's own sources.

#[path = "../../web/src/engine/mod.rs"]
pub mod engine;
#[path = "../../web/src/protocol.rs"]
pub mod protocol;

// Only the tests of those sources ask for examples.
#[cfg(test)]
#[path = "../../web/src/examples.rs"]
pub mod examples;
