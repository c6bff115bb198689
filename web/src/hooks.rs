//! What the page asks of its window: time that passes, room that there is, ways back.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlDetailsElement, Window, window};
use yew::prelude::*;

/// Does something once values have not changed for so many milliseconds.
#[hook]
pub fn use_settled<T: PartialEq + 'static>(
    values: T,
    milliseconds: i32,
    then: impl FnOnce(&T) + 'static,
) {
    use_effect_with(Rc::new(values), move |values| {
        let values = values.clone();
        let settled = Closure::once(move || then(&values));
        let timer = window().and_then(|window| {
            let function = settled.as_ref().unchecked_ref();
            window
                .set_timeout_with_callback_and_timeout_and_arguments_0(function, milliseconds)
                .ok()
        });
        move || {
            if let (Some(window), Some(timer)) = (window(), timer) {
                window.clear_timeout_with_handle(timer);
            }
            drop(settled);
        }
    });
}

/// Calls something when the window tells of an event.
#[hook]
pub fn use_window_event(name: &'static str, then: Callback<()>) {
    use_effect_with(then, move |then| {
        let then = then.clone();
        let heard = Closure::<dyn FnMut()>::new(move || then.emit(()));
        let on = |window: Window| {
            let function = heard.as_ref().unchecked_ref();
            // A window that tells of nothing leaves the page as it is.
            drop(window.add_event_listener_with_callback(name, function));
        };
        window().map(on);
        move || {
            if let Some(window) = window() {
                let function = heard.as_ref().unchecked_ref();
                drop(window.remove_event_listener_with_callback(name, function));
            }
            drop(heard);
        }
    });
}

/// Whether a fold is open, and what it has to tell of each time it is opened or closed. What is in it is best made then.
#[hook]
pub fn use_unfolded() -> (bool, Callback<Event>) {
    let open = use_state(|| false);
    let ontoggle = {
        let open = open.clone();
        // A fold hears of those within it too, and is open then.
        use_callback((), move |event: Event, ()| {
            open.set(event.target_unchecked_into::<HtmlDetailsElement>().open());
        })
    };
    (*open, ontoggle)
}

/// How wide an element is, in pixels; zero before it stands in the page.
#[hook]
pub fn use_width(element: &NodeRef) -> f64 {
    let width = use_state(|| 0.0);
    let measure = {
        let (element, width) = (element.clone(), width.clone());
        use_callback((), move |(), ()| {
            if let Some(element) = element.cast::<Element>() {
                width.set(element.get_bounding_client_rect().width());
            }
        })
    };
    use_window_event("resize", measure.clone());
    use_effect_with((), move |()| measure.emit(()));
    *width
}
