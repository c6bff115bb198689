//! The calculator page's second module: everything that somebody has to ask for.
//!
//! Reports, workbooks, the solver and what draws futures would be a third of what the page loads before it answers, for
//! buttons that few press, so they are a module of their own.

use std::cell::RefCell;

use page_engine::later::Engine;
use page_engine::protocol;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

/// Answers a question of the page; question and answer are bytes that the page packs and unpacks.
#[wasm_bindgen]
pub fn engine(ask: &[u8]) -> Vec<u8> {
    console_error_panic_hook::set_once();
    protocol::answer(ask, |ask| ENGINE.with_borrow_mut(|engine| engine.reply(ask)))
}

/// The comparison of a scenario, byte for byte as `highwater compare --format json` prints it.
///
/// # Errors
///
/// Everything that is wrong with the scenario, a line each.
#[wasm_bindgen]
pub fn compare_json(text: &str) -> Result<String, String> {
    page_engine::later::json(text)
}
