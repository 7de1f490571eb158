//! Copying a text: the clipboard where the browser allows it, the old way where it does not.

use leptos_dom::helpers::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Clipboard, HtmlElement, HtmlTextAreaElement};

/// Puts `text` on the clipboard; says whether that worked. `near` is the button that was pressed.
pub async fn copy(text: &str, near: &HtmlElement) -> bool {
    // The property is missing on pages without https, so it must be looked for before it is used.
    let clipboard = js_sys::Reflect::get(&window().navigator(), &JsValue::from_str("clipboard"));
    if let Ok(clipboard) = clipboard
        && !clipboard.is_undefined()
        && let clipboard = clipboard.unchecked_into::<Clipboard>()
        && JsFuture::from(clipboard.write_text(text)).await.is_ok()
    {
        return true;
    }
    copy_by_selection(text, near).unwrap_or(false)
}

/// Selects the text in a field beside the button and asks the browser to copy the selection. The field is unseen for
/// the moment it exists (the stylesheet's `.unseen`), and the focus goes back to the button.
fn copy_by_selection(text: &str, near: &HtmlElement) -> Result<bool, JsValue> {
    let document = near.owner_document().ok_or(JsValue::NULL)?;
    let field: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    field.set_class_name("unseen");
    field.set_read_only(true);
    field.set_value(text);
    let parent = near.parent_element().ok_or(JsValue::NULL)?;
    parent.append_child(&field)?;
    field.select();
    let copied = exec_copy(&document);
    field.remove();
    near.focus()?;
    copied
}

/// `document.execCommand("copy")`: deprecated everywhere and present everywhere, which is what a fallback needs.
fn exec_copy(document: &web_sys::Document) -> Result<bool, JsValue> {
    let command: js_sys::Function =
        js_sys::Reflect::get(document, &JsValue::from_str("execCommand"))?.dyn_into()?;
    Ok(command
        .call1(document, &JsValue::from_str("copy"))?
        .is_truthy())
}
