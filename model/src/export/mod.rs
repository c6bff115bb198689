//! What others read: a comparison as JSON or CSV. Text out, no files; the command and the page write the same bytes.

pub mod csv;
pub mod json;
mod settings;

pub use settings::{Origin, Setting, event_settings, settings};
