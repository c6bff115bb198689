use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// One of several, folded away: values with the words for them, and who is told what is chosen.
pub fn pick(
    id: &'static str,
    label: &'static str,
    options: impl IntoIterator<Item = (String, String)>,
    chosen: &str,
    choose: Callback<String>,
) -> Html {
    let onchange = move |event: Event| {
        choose.emit(event.target_unchecked_into::<HtmlSelectElement>().value());
    };
    html! {
        <div class="field controls">
            <span class="label"><label for={id}>{ label }</label></span>
            <select {id} {onchange}>
                for (value, words) in options {
                    <option value={value.clone()} selected={value == chosen}>{ words }</option>
                }
            </select>
        </div>
    }
}

/// The same where values are names.
pub fn pick_name<'a>(
    id: &'static str,
    label: &'static str,
    names: impl IntoIterator<Item = &'a String>,
    chosen: &str,
    choose: Callback<String>,
) -> Html {
    pick(id, label, names.into_iter().map(|name| (name.clone(), name.clone())), chosen, choose)
}

/// What takes a choice into a state.
pub fn into_state(state: &UseStateHandle<String>) -> Callback<String> {
    let state = state.clone();
    Callback::from(move |value| state.set(value))
}
