//! Writes a workbook for the calculator page.
//!
//! The page's own module describes the workbook; what makes a file of it would be a sixth of that module for a button that
//! few press, so it is a module of its own, which the page loads when it is asked for.

use model::export::workbook::Workbook;
use wasm_bindgen::prelude::wasm_bindgen;

/// The bytes of a workbook's file, from its description as the page packs it.
///
/// # Errors
///
/// Why there is none, in words.
#[wasm_bindgen]
pub fn workbook(description: &[u8]) -> Result<Vec<u8>, String> {
    let workbook: Workbook = postcard::from_bytes(description)
        .map_err(|error| format!("the workbook's description cannot be read: {error}"))?;
    model::export::xlsx::bytes(&workbook).map_err(|error| error.to_string())
}
