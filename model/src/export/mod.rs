//! What others read: a comparison as JSON, CSV or pictures. Text out, no files; the command and the page write the same bytes.

pub mod about;
pub mod actuals;
pub mod assumptions;
pub mod audit;
pub mod bars;
pub mod breakeven;
pub mod cents;
pub mod csv;
pub mod document;
pub mod figures;
pub mod finance;
pub mod focus;
pub mod incidents;
pub mod json;
mod pictures;
pub mod report;
pub mod schema;
pub mod scorecard;
pub mod sensitivity;
mod settings;
pub mod stack;
pub mod sweep;
pub mod timeline;
pub mod uncertainty;
pub mod variance;
pub mod workbook;
#[cfg(feature = "xlsx")]
pub mod xlsx;

pub(crate) use settings::setting_of;
pub use settings::{
    Origin, Setting, event_settings, line_defaults, line_settings, policy_settings, settings,
};
