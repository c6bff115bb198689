//! The calculator page: the same engine as the command, in the browser.

mod answer;
mod app;
mod components;
mod fetch;
mod state;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::answer::Fault;

/// Puts the page into an element of the document.
#[wasm_bindgen]
pub fn start_app(root: web_sys::Element) {
    console_error_panic_hook::set_once();
    yew::Renderer::<app::App>::with_root(root).render();
}

/// The comparison of a scenario, byte for byte as `highwater compare --format json` prints it.
///
/// # Errors
///
/// Everything that is wrong with the scenario, a line each.
#[wasm_bindgen]
pub fn compare_json(text: &str) -> Result<String, String> {
    answer::json(text).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(Fault::to_string).collect();
        lines.join("\n")
    })
}
