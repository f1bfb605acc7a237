//! What interpreting a page would cost, in bytes of content, before it is interpreted.
//!
//! A form XObject is interpreted each time it is drawn, so that ten forms that draw each other ten times make ten
//! thousand million. The interpreter cannot be stopped in the middle; so the sum is done first.

use std::collections::{HashMap, HashSet};

use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::content::ops::TypedInstruction;
use hayro_interpret::hayro_syntax::object::array::FlexArrayIter;
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
    let mut total = of_contents(page.raw(), limit)?;
    total += ledger.of_fonts(resources);
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

/// Length of the content of a page; none when over `limit`. The page itself would put all its streams together first,
/// and keep them.
fn of_contents(page: &Dict<'_>, limit: usize) -> Option<usize> {
    let one = page.get::<Stream<'_>>(b"Contents");
    let several = page.get::<Array<'_>>(b"Contents").filter(|_| one.is_none());
    let mut known = HashMap::new();
    let mut total = 0usize;
    for stream in one.into_iter().chain(several.iter().flat_map(Array::iter::<Stream<'_>>)) {
        let length =
            *known.entry(stream.obj_id()).or_insert_with(|| stream.decoded_data().map_or(0, |data| data.len()));
        // A blank parts it from the next.
        total = total.checked_add(length + 1)?;
        if total > limit {
            return None;
        }
    }
    Some(total)
}

/// How many widths a CID font writes out, which it does for each code of a range: `first last width`, or `first last`
/// and three numbers for vertical writing.
fn of_widths(font: &Dict<'_>) -> usize {
    let fonts = font.get::<Array<'_>>(b"DescendantFonts");
    let fonts = fonts.iter().flat_map(Array::iter::<Dict<'_>>);
    fonts.fold(0, |total, font| {
        let across = font.get::<Array<'_>>(b"W").map_or(0, |widths| {
            of_ranges(&widths, |entries| entries.next().map(|(first, last, _): (u32, u32, f32)| codes(first, last)))
        });
        let down = font.get::<Array<'_>>(b"W2").map_or(0, |widths| {
            of_ranges(&widths, |entries| {
                entries.next().map(|(first, last, _, _, _): (u32, u32, f32, f32, f32)| codes(first, last))
            })
        });
        total.saturating_add(across).saturating_add(down)
    })
}

/// Codes from the first to the last.
fn codes(first: u32, last: u32) -> usize {
    (last as usize + 1).saturating_sub(first as usize)
}

/// Codes in the ranges of `widths`, of which `next` takes one, read as the interpreter reads them.
fn of_ranges<'a>(widths: &Array<'a>, next: impl Fn(&mut FlexArrayIter<'a>) -> Option<usize>) -> usize {
    let mut total = 0usize;
    let mut entries = widths.flex_iter();
    loop {
        if entries.next::<(u32, Array<'_>)>().is_some() {
            continue;
        }
        match next(&mut entries) {
            Some(codes) => total = total.saturating_add(codes),
            None => return total,
        }
    }
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
    /// Fonts that have been counted: each is set up once.
    fonts: HashSet<ObjectIdentifier>,
}

impl Ledger {
    /// What setting up the fonts costs that have not been counted yet.
    fn of_fonts(&mut self, resources: &Resources<'_>) -> usize {
        let fonts = resources.fonts.keys().filter_map(|name| resources.fonts.get::<Dict<'_>>(name.as_ref()));
        let mut total = 0usize;
        for font in fonts {
            if font.obj_id().is_none_or(|id| self.fonts.insert(id)) {
                total = total.saturating_add(of_widths(&font));
            }
        }
        total
    }

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
                let mut cost = content.len() + own.as_ref().map_or(0, |own| self.of_fonts(own));
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
        let font = state.get::<Array<'_>>(b"Font").and_then(|font| font.iter::<Dict<'_>>().next());
        let font = font.map_or(0, |font| of_widths(&font));
        let transfer = state.get::<Object<'_>>(b"TR2").or_else(|| state.get::<Object<'_>>(b"TR"));
        font.saturating_add(self.of_object(mask))
            + self.of_object(transfer.filter(|transfer| !matches!(transfer, Object::Name(_))))
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
