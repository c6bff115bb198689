//! The calculator page.

use wasm_bindgen::prelude::wasm_bindgen;
use yew::prelude::*;

/// The page.
#[component]
fn App() -> Html {
    html! { <main><h1>{ "highwater" }</h1></main> }
}

/// Puts the page into the document.
#[wasm_bindgen]
pub fn start_app() {
    console_error_panic_hook::set_once();
    yew::Renderer::<App>::new().render();
}
