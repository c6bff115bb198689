//! The calculator page: the same engine as the command, in the browser.
//!
//! The scenario's text is all that the page holds. Forms, sliders and the link change the text; a worker runs the engine
//! on it and answers with what is to be shown.

mod app;
mod components;
mod desk;
mod download;
mod fetch;
mod hooks;
mod inputs;
mod levers;
mod link;
mod place;
mod state;

use std::cell::RefCell;

use page_engine::protocol;
use page_engine::quick::Engine;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::app::{App, AppProps};
use crate::desk::Desk;

thread_local! {
    static ENGINE: RefCell<Engine> = RefCell::default();
}

/// Puts the page into an element of the document. `new_worker` starts a worker with the module that has this name, which
/// answers each message with its `engine`.
#[wasm_bindgen]
pub fn start_app(root: web_sys::Element, new_worker: &js_sys::Function) {
    console_error_panic_hook::set_once();
    let desk = Desk::new(new_worker);
    yew::Renderer::<App>::with_root_and_props(root, AppProps { desk }).render();
}

/// Answers a question of the page; question and answer are bytes that the page packs and unpacks.
#[wasm_bindgen]
pub fn engine(ask: &[u8]) -> Vec<u8> {
    protocol::answer(ask, |ask| ENGINE.with_borrow_mut(|engine| engine.reply(ask)))
}
