//! Files to and from the user, without a server: what the browser offers for it, and nothing else.

use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, HtmlAnchorElement, HtmlCanvasElement,
    HtmlImageElement, Url, window,
};
use yew::Callback;

use page_engine::protocol::File;

/// Largest file that is read: what a scenario may have.
const READ_MAX: f64 = model::scenario::TEXT_MAX as f64;

/// Hands a file to the user.
pub fn file(file: &File) {
    // A browser that refuses says so itself: there is nothing to add.
    drop(try_file(file));
}

fn try_file(file: &File) -> Result<(), JsValue> {
    save(&blob(file)?, &file.name)
}

fn blob(file: &File) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(&file.media);
    let bytes = Array::of1(&Uint8Array::from(&*file.bytes));
    Blob::new_with_u8_array_sequence_and_options(&bytes, &options)
}

fn save(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(blob)?;
    let document = window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let anchor: HtmlAnchorElement = document.create_element("a")?.dyn_into()?;
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    // The click has begun the download; the address must outlive its beginning.
    let revoke = Closure::once_into_js(move || drop(Url::revoke_object_url(&address)));
    if let Some(window) = window() {
        window.set_timeout_with_callback_and_timeout_and_arguments_0(
            revoke.unchecked_ref(),
            60_000,
        )?;
    }
    Ok(())
}

/// Hands an SVG picture to the user as a PNG file of so many pixels in width, twice as fine.
pub fn png(file: File, width: u32) {
    drop(try_png(file, width));
}

fn try_png(file: File, width: u32) -> Result<(), JsValue> {
    let address = Url::create_object_url_with_blob(&blob(&file)?)?;
    let image = HtmlImageElement::new()?;
    let name = file.name.replace(".svg", ".png");
    let drawn = image.clone();
    let source = address.clone();
    let loaded = Closure::once_into_js(move || {
        drop(paint(&drawn, width, name));
        drop(Url::revoke_object_url(&source));
    });
    image.set_onload(Some(loaded.unchecked_ref()));
    image.set_src(&address);
    Ok(())
}

fn paint(image: &HtmlImageElement, width: u32, name: String) -> Result<(), JsValue> {
    let document = window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let canvas: HtmlCanvasElement = document.create_element("canvas")?.dyn_into()?;
    let natural = f64::from(image.natural_width().max(1));
    let scale = 2.0 * f64::from(width) / natural;
    canvas.set_width((natural * scale) as u32);
    canvas.set_height((f64::from(image.natural_height()) * scale) as u32);
    let context: CanvasRenderingContext2d =
        canvas.get_context("2d")?.ok_or(JsValue::NULL)?.dyn_into()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(
        image,
        0.0,
        0.0,
        f64::from(canvas.width()),
        f64::from(canvas.height()),
    )?;
    let done = Closure::once_into_js(move |blob: Option<Blob>| {
        if let Some(blob) = blob {
            drop(save(&blob, &name));
        }
    });
    canvas.to_blob(done.unchecked_ref())
}

/// Puts a text on the clipboard, and says whether it went.
pub fn copy(text: &str, done: Callback<bool>) {
    // Pages that are not served securely have no clipboard.
    let clipboard = window()
        .map(|window| window.navigator())
        .and_then(|navigator| Reflect::get(&navigator, &"clipboard".into()).ok())
        .filter(|clipboard| !clipboard.is_undefined())
        .and_then(|clipboard| clipboard.dyn_into::<web_sys::Clipboard>().ok());
    let Some(clipboard) = clipboard else { return done.emit(false) };
    let written = JsFuture::from(clipboard.write_text(text));
    spawn_local(async move { done.emit(written.await.is_ok()) });
}

/// Reads a file that the user chose.
pub fn read(file: web_sys::File, then: Callback<Result<String, String>>) {
    if file.size() > READ_MAX {
        return then
            .emit(Err(format!("`{}` is larger than a scenario may be: 1 MiB", file.name())));
    }
    let (name, text) = (file.name(), JsFuture::from(file.text()));
    spawn_local(async move {
        let text = text.await.ok().and_then(|text| text.as_string());
        then.emit(match text {
            // Browsers put this in the place of every byte that is none of a text's.
            Some(text) if text.contains('\u{fffd}') => {
                Err(format!("`{name}` is not UTF-8 text; save it as UTF-8"))
            }
            Some(text) => Ok(text),
            None => Err(format!("`{name}` cannot be read")),
        });
    });
}

/// Opens the browser's way to paper.
pub fn print() {
    if let Some(window) = window() {
        drop(window.print());
    }
}
