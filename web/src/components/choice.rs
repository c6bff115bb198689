use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub struct ChoiceProps<T: PartialEq> {
    /// What is chosen.
    pub legend: &'static str,
    /// All that can be, with the words for it.
    pub options: Vec<(T, &'static str)>,
    /// What is.
    pub value: T,
    /// Called with what the user chooses.
    pub choose: Callback<T>,
}

/// One of a few, all of them in sight.
#[component]
pub fn Choice<T: Copy + PartialEq + 'static>(props: &ChoiceProps<T>) -> Html {
    html! {
        <fieldset class="choice">
            <legend>{ props.legend }</legend>
            for (value, words) in props.options.iter().copied() {
                <label>
                    <input type="radio" name={props.legend} value={words} checked={value == props.value} onchange={props.choose.reform(move |_: Event| value)} />
                    <span>{ words }</span>
                </label>
            }
        </fieldset>
    }
}
