//! What others read: a comparison as JSON or CSV. Text out, no files; the command and the page write the same bytes.

pub mod csv;
pub mod json;
pub mod scorecard;
mod settings;

pub use settings::{Origin, Setting, event_settings, policy_settings, settings};
