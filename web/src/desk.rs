//! The page's side of the worker: questions go out one at a time, the newest of each topic first of all, and answers to
//! questions that nobody asks any more are dropped.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker};
use yew::Callback;

use model::map::Map;
use page_engine::protocol::{self, Ask, Reply, Told, What};

/// Milliseconds after which a question that nobody asks any more is ended in the middle of its work; a new worker takes less.
const OVERDUE: f64 = 2_000.0;

/// Which worker a question goes to: what people wait for must not wait for what takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Answers within a blink.
    Quick,
    /// What stands further down may take its time.
    Aside,
    /// Runs many scenarios for one answer, or writes a file.
    Long,
    /// May take as long as somebody is ready to wait, and is ended when nobody is.
    Endable,
}

/// The page's modules: its own, and the one that is loaded when somebody asks for more.
const QUICK: &str = "app";
const LATER: &str = "later";

/// Why there is no answer.
const STOPPED: &str = "the engine stopped; the next change starts it again";
const UNLOADED: &str = "what this takes could not be loaded; try again where there is a network";

/// Hands questions to workers.
#[derive(Clone)]
pub struct Desk {
    quick: Rc<Line>,
    aside: Rc<Line>,
    long: Rc<Line>,
    endable: Rc<Line>,
}

impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.quick, &other.quick)
    }
}

impl Desk {
    /// A desk whose workers are made by a function of the page's glue when they are needed.
    pub fn new(new_worker: &js_sys::Function) -> Self {
        let line = |module| Line::new(new_worker, module);
        Self { quick: line(QUICK), aside: line(QUICK), long: line(LATER), endable: line(LATER) }
    }

    /// Asks a question. A question of the same topic that has not been answered yet is forgotten.
    pub fn ask(&self, lane: Lane, topic: &str, text: &str, what: What, then: Callback<Told>) {
        let line = match lane {
            Lane::Quick => &self.quick,
            Lane::Aside => &self.aside,
            Lane::Long => &self.long,
            Lane::Endable => &self.endable,
        };
        line.ask(topic, text, what, then);
    }

    /// Ends what can be ended, in the middle of its work.
    pub fn end(&self) {
        self.endable.newest.borrow_mut().retain(|_, _| false);
        self.endable.waiting.borrow_mut().clear();
        self.endable.broken("it was ended");
    }

    /// Hands a file of the catalogue to every worker.
    pub fn hand(&self, path: &str, file: &Result<String, String>) {
        for line in [&self.quick, &self.aside, &self.long, &self.endable] {
            line.fetched.borrow_mut().insert(path.to_owned(), file.clone());
            // One that is not there yet is told as soon as it is.
            if line.worker.borrow().is_some() {
                let prices = What::Prices { path: path.to_owned(), file: file.clone() };
                line.ask(path, "", prices, Callback::noop());
            }
        }
    }
}

struct Question {
    topic: String,
    ask: Ask,
    then: Callback<Told>,
}

/// What the browser calls when a worker speaks.
type Heard = Closure<dyn FnMut(MessageEvent)>;

struct Line {
    new_worker: js_sys::Function,
    /// Which module its worker runs.
    module: &'static str,
    worker: RefCell<Option<Worker>>,
    heard: RefCell<Vec<Heard>>,
    waiting: RefCell<VecDeque<Question>>,
    asked: RefCell<Option<Question>>,
    /// When it was sent, on the browser's clock.
    sent: Cell<f64>,
    /// The newest question of each topic.
    newest: RefCell<Map<String, u32>>,
    count: Cell<u32>,
    /// What a new worker has to be told first.
    fetched: RefCell<Map<String, Result<String, String>>>,
}

impl Line {
    fn new(new_worker: &js_sys::Function, module: &'static str) -> Rc<Self> {
        Rc::new(Self {
            new_worker: new_worker.clone(),
            module,
            worker: RefCell::default(),
            heard: RefCell::default(),
            waiting: RefCell::default(),
            asked: RefCell::default(),
            sent: Cell::default(),
            newest: RefCell::default(),
            count: Cell::default(),
            fetched: RefCell::default(),
        })
    }

    fn ask(self: &Rc<Self>, topic: &str, text: &str, what: What, then: Callback<Told>) {
        let id = self.count.get() + 1;
        self.count.set(id);
        self.newest.borrow_mut().insert(topic.to_owned(), id);
        let ask = Ask { id, text: text.to_owned(), what };
        let question = Question { topic: topic.to_owned(), ask, then };
        let mut waiting = self.waiting.borrow_mut();
        waiting.retain(|other| other.topic != topic);
        // Whatever else is asked is about an answer that will have changed.
        if matches!(question.ask.what, What::Sheet(_)) {
            waiting.push_front(question);
        } else {
            waiting.push_back(question);
        }
        drop(waiting);
        let replaced = self.asked.borrow().as_ref().is_some_and(|asked| asked.topic == topic);
        if replaced && js_sys::Date::now() - self.sent.get() > OVERDUE {
            self.asked.take();
            self.broken("it was replaced");
        } else {
            self.next();
        }
    }

    /// Sends the next question, unless one is on its way.
    fn next(self: &Rc<Self>) {
        if self.asked.borrow().is_some() {
            return;
        }
        let Some(question) = self.waiting.borrow_mut().pop_front() else { return };
        let message = message(&question.ask);
        self.asked.replace(Some(question));
        self.sent.set(js_sys::Date::now());
        let sent = self.worker().and_then(|worker| worker.post_message(&message));
        if sent.is_err() {
            self.broken("this browser starts no worker");
        }
    }

    fn worker(self: &Rc<Self>) -> Result<Worker, JsValue> {
        if let Some(worker) = &*self.worker.borrow() {
            return Ok(worker.clone());
        }
        let module = JsValue::from_str(self.module);
        let worker: Worker = self.new_worker.call1(&JsValue::NULL, &module)?.dyn_into()?;
        let line = self.clone();
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // What is no answer says in words what went wrong.
            let bytes = event.data().dyn_into::<Uint8Array>().ok();
            match bytes.and_then(|bytes| protocol::unpacked(&bytes.to_vec())) {
                Some(reply) => line.told(reply),
                None => line.broken(STOPPED),
            }
        });
        let line = self.clone();
        let failed = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            // Scripts that fail say where; what never came does not.
            let came = event.is_instance_of::<ErrorEvent>();
            line.broken(if came { STOPPED } else { UNLOADED });
        });
        worker.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        worker.set_onerror(Some(failed.as_ref().unchecked_ref()));
        self.heard.replace(vec![heard, failed]);
        self.worker.replace(Some(worker.clone()));
        for (path, file) in &*self.fetched.borrow() {
            let what = What::Prices { path: path.clone(), file: file.clone() };
            let ask = Ask { id: 0, text: String::new(), what };
            worker.post_message(&message(&ask))?;
        }
        Ok(worker)
    }

    fn told(self: &Rc<Self>, reply: Reply) {
        let is_asked = self.asked.borrow().as_ref().is_some_and(|asked| asked.ask.id == reply.id);
        if !is_asked {
            return;
        }
        let Some(asked) = self.asked.take() else { return };
        let newest = self.newest.borrow().get(&asked.topic) == Some(&asked.ask.id);
        self.next();
        if newest {
            asked.then.emit(reply.told);
        }
    }

    /// The worker is gone: whoever asked is told, and the next question starts another.
    fn broken(self: &Rc<Self>, why: &str) {
        if let Some(worker) = self.worker.take() {
            worker.terminate();
        }
        if let Some(asked) = self.asked.take() {
            asked.then.emit(Told::Nothing(why.to_owned()));
        }
        self.next();
    }
}

fn message(ask: &Ask) -> JsValue {
    Uint8Array::from(&*protocol::packed(ask)).into()
}
