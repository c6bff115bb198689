//! The page's place in the browser's history: what the link says.

use std::cell::Cell;

use js_sys::Date;
use model::calendar;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, window};

use crate::link::{self, Linked};

/// Milliseconds within which one change follows another, as when somebody types or drags.
const QUICK: f64 = 1_000.0;

/// What the page's link says.
///
/// # Errors
///
/// When it cannot be read.
pub fn here() -> Result<Linked, String> {
    let hash = window().and_then(|window| window.location().hash().ok()).unwrap_or_default();
    link::decode(&hash)
}

/// A whole link to what the page shows.
///
/// # Errors
///
/// When it is too much for a link.
pub fn to(linked: &Linked) -> Result<String, String> {
    let fragment = link::encode(linked)?;
    let location = window().map(|window| window.location());
    let part =
        |text: Option<Result<String, JsValue>>| text.and_then(Result::ok).unwrap_or_default();
    let origin = part(location.as_ref().map(web_sys::Location::origin));
    let path = part(location.as_ref().map(web_sys::Location::pathname));
    Ok(format!("{origin}{path}#{fragment}"))
}

/// Writes a link into the address, as a step that leads back to the one before; steps in quick succession are one.
pub fn go(link: &str) {
    thread_local! {
        static LAST: Cell<f64> = const { Cell::new(0.0) };
    }
    let now = Date::now();
    let quick = now - LAST.replace(now) < QUICK;
    let Some(history) = window().and_then(|window| window.history().ok()) else { return };
    // A browser that refuses, for too many steps in a short time, leaves the address as it was.
    drop(match quick {
        true => history.replace_state_with_url(&JsValue::NULL, "", Some(link)),
        false => history.push_state_with_url(&JsValue::NULL, "", Some(link)),
    });
}

/// The day by the clock, in UTC.
pub fn today() -> Option<calendar::Date> {
    const DAY: f64 = 24.0 * 60.0 * 60.0 * 1000.0;
    // The browser counts from there.
    calendar::Date::new(1970, 1, 1)?.plus_days((Date::now() / DAY) as i64)
}

/// Puts the keyboard on a heading, by its id: before what has it goes, which would leave it nowhere.
pub fn focus(id: &str) {
    let document = window().and_then(|window| window.document());
    let heading = document.and_then(|document| document.get_element_by_id(id));
    if let Some(heading) = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok()) {
        // A browser that refuses leaves it where it was: nothing is lost.
        drop(heading.focus());
    }
}
