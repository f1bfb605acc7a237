//! What interpreting a page would cost, in bytes of content, before it is interpreted.
//!
//! A form XObject is interpreted each time it is drawn, so that ten forms that draw each other ten times make ten
//! thousand million. The interpreter cannot be stopped in the middle; so the sum is done first.

use std::collections::HashMap;

use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_interpret::hayro_syntax::page::{Page, Resources};

/// Forms within forms are followed this deep; the interpreter stops at the same depth.
const DEPTH: usize = 50;

/// What a shading or a soft mask costs beside its bytes: functions and colour tables are set up each time.
const SET_UP: usize = 1024;

/// Bytes of content that interpreting `page` takes; none when that is over `limit`.
pub(crate) fn of_page(page: &Page<'_>, limit: usize) -> Option<usize> {
    let mut ledger = Ledger::default();
    let resources = page.resources();
    let mut total = page.page_stream().map_or(0, <[u8]>::len);
    if total > limit {
        return None;
    }
    if draws_more(resources) {
        total += ledger.of_operations(page.typed_operations(), resources, 0, limit - total)?;
    }
    for note in page.raw().get::<Array<'_>>(b"Annots").iter().flat_map(|notes| notes.iter::<Dict<'_>>()) {
        if let Some(stream) = appearance(&note) {
            total += ledger.of_form(&stream, resources, 0, limit.checked_sub(total)?)?;
        }
    }
    (total <= limit).then_some(total)
}

/// Whether content with these resources can cost more than its own length.
fn draws_more(resources: &Resources<'_>) -> bool {
    [&resources.x_objects, &resources.shadings, &resources.patterns, &resources.ext_g_states]
        .into_iter()
        .any(|dict| !dict.is_empty())
}

/// The longest of the streams that may be drawn for an annotation.
fn appearance<'a>(note: &Dict<'a>) -> Option<Stream<'a>> {
    match note.get::<Dict<'_>>(b"AP")?.get::<Object<'_>>(b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dict(states) => states
            .keys()
            .filter_map(|key| states.get::<Stream<'_>>(key.as_ref()))
            .max_by_key(|stream| stream.raw_data().len()),
        _ => None,
    }
}

/// A form at a depth, drawn with the resources that begin at an address (its own, or those of the caller).
type Place = (ObjectIdentifier, usize, usize);

/// Costs known so far.
#[derive(Default)]
struct Ledger {
    forms: HashMap<Place, usize>,
    streams: HashMap<ObjectIdentifier, usize>,
}

impl Ledger {
    /// What drawing the form costs; none when over `budget`.
    fn of_form(&mut self, form: &Stream<'_>, outer: &Resources<'_>, depth: usize, budget: usize) -> Option<usize> {
        if depth >= DEPTH {
            return Some(0);
        }
        let own = form.dict().get::<Dict<'_>>(b"Resources").map(Resources::new);
        let resources = own.as_ref().unwrap_or(outer);
        let place = (form.obj_id(), depth, resources.x_objects.data().as_ptr() as usize);
        let cost = match self.forms.get(&place) {
            Some(cost) => *cost,
            None => {
                let content = form.decoded_data().unwrap_or_default();
                let mut cost = content.len();
                if draws_more(resources) {
                    let left = budget.checked_sub(cost)?;
                    cost += self.of_operations(TypedIter::new(content.as_ref()), resources, depth + 1, left)?;
                }
                self.forms.insert(place, cost);
                cost
            }
        };
        (cost <= budget).then_some(cost)
    }

    /// What the operations cost beyond their own length; none when over `budget`.
    fn of_operations(
        &mut self,
        mut operations: TypedIter<'_>,
        resources: &Resources<'_>,
        depth: usize,
        budget: usize,
    ) -> Option<usize> {
        let mut total = 0usize;
        while let Some(operation) = operations.next() {
            let left = budget.checked_sub(total)?;
            total += match operation {
                TypedInstruction::XObject(drawn) => match resources.get_x_object(drawn.0) {
                    Some(stream) if is_form(&stream) => self.of_form(&stream, resources, depth, left)?,
                    _ => 0,
                },
                TypedInstruction::SetGraphicsState(state) => self.of_state(resources.get_ext_g_state(state.0)),
                TypedInstruction::Shading(shading) => self.of_object(resources.get_shading(shading.0)),
                TypedInstruction::NonStrokeColorNamed(color) => {
                    self.of_object(color.1.and_then(|name| resources.get_pattern(name)))
                }
                TypedInstruction::StrokeColorNamed(color) => {
                    self.of_object(color.1.and_then(|name| resources.get_pattern(name)))
                }
                _ => 0,
            };
        }
        (total <= budget).then_some(total)
    }

    /// What setting a graphics state costs: its soft mask is unpacked, its transfer function set up.
    fn of_state(&mut self, state: Option<Dict<'_>>) -> usize {
        let Some(state) = state else { return 0 };
        let mask = state.get::<Dict<'_>>(b"SMask").and_then(|mask| mask.get::<Object<'_>>(b"G"));
        let transfer = state.get::<Object<'_>>(b"TR2").or_else(|| state.get::<Object<'_>>(b"TR"));
        self.of_object(mask) + self.of_object(transfer.filter(|transfer| !matches!(transfer, Object::Name(_))))
    }

    /// What setting up a shading, a pattern or a function costs.
    fn of_object(&mut self, object: Option<Object<'_>>) -> usize {
        match object {
            Some(Object::Stream(stream)) => SET_UP + self.length(&stream),
            Some(Object::Dict(dict)) => {
                let inner = dict.get::<Dict<'_>>(b"Shading");
                let dict = inner.as_ref().unwrap_or(&dict);
                let mesh = dict.get::<Stream<'_>>(b"Shading").map_or(0, |stream| self.length(&stream));
                let function = match dict.get::<Object<'_>>(b"Function") {
                    Some(Object::Stream(stream)) => self.length(&stream),
                    Some(Object::Array(functions)) => {
                        functions.iter::<Stream<'_>>().map(|stream| self.length(&stream)).sum()
                    }
                    _ => 0,
                };
                SET_UP + mesh + function
            }
            Some(_) => SET_UP,
            None => 0,
        }
    }

    /// Unpacked length of a stream.
    fn length(&mut self, stream: &Stream<'_>) -> usize {
        *self.streams.entry(stream.obj_id()).or_insert_with(|| stream.decoded_data().map_or(0, |data| data.len()))
    }
}

/// Whether a stream is a form XObject.
fn is_form(stream: &Stream<'_>) -> bool {
    stream.dict().get::<Name<'_>>(b"Subtype").is_some_and(|subtype| subtype.as_ref() == b"Form")
}
