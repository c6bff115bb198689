//! Files of the site that did not come with the page.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A file of the catalogue, from where the page itself came from.
///
/// # Errors
///
/// Why there is none, in words.
pub async fn fetch(path: &str) -> Result<String, String> {
    let window = web_sys::window().ok_or("there is no window")?;
    let response = JsFuture::from(window.fetch_with_str(&format!("./catalog/{path}")));
    let response = response.await.map_err(|_| "the site does not answer")?;
    let response: web_sys::Response = response.dyn_into().map_err(|_| "no response came")?;
    if !response.ok() {
        return Err(format!("the site answers {}", response.status()));
    }
    let unreadable = |_: JsValue| "the file cannot be read".to_owned();
    let text = JsFuture::from(response.text().map_err(unreadable)?).await.map_err(unreadable)?;
    text.as_string().ok_or_else(|| "the file is no text".to_owned())
}
