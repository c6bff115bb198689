//! The calculator page: the same engine as the command, in the browser.
//!
//! The scenario's text is all that the page holds. Forms, sliders and the link change the text; a worker runs the engine
//! on it and answers with what is to be shown.

mod app;
mod components;
mod desk;
mod download;
mod engine;
mod examples;
mod fetch;
mod hooks;
mod inputs;
mod levers;
mod link;
mod place;
mod protocol;
mod state;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::{App, AppProps};
use crate::desk::Desk;

/// Puts the page into an element of the document. `new_worker` starts a worker that answers each message with [`engine`],
/// `write_workbook` makes a promise of a workbook's bytes from its description.
#[wasm_bindgen]
pub fn start_app(
    root: web_sys::Element,
    new_worker: &js_sys::Function,
    write_workbook: &js_sys::Function,
) {
    console_error_panic_hook::set_once();
    let desk = Desk::new(new_worker, write_workbook);
    yew::Renderer::<App>::with_root_and_props(root, AppProps { desk }).render();
}

/// Answers a question of the page; question and answer are bytes that the page packs and unpacks.
#[wasm_bindgen]
pub fn engine(ask: &[u8]) -> Vec<u8> {
    engine::answer(ask)
}

/// The comparison of a scenario, byte for byte as `highwater compare --format json` prints it.
///
/// # Errors
///
/// Everything that is wrong with the scenario, a line each.
#[wasm_bindgen]
pub fn compare_json(text: &str) -> Result<String, String> {
    engine::json(text)
}
