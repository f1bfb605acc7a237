//! What a reader draws on: glyphs and rulings of one page, doubles removed, bounds kept.

use std::collections::HashMap;

use crate::fold::is_blank;
use crate::source::{Axis, BBox, Glyph, Limits, PlacedPage, Ruling};

/// A second glyph of the same text within this part of the font size is the same one drawn again: bold by double
/// drawing shifts by 0.02 to 0.05, and two narrow letters side by side are 0.2 apart.
const DOUBLE_SHIFT: f64 = 0.1;

/// The same in points, for large type; also the mesh in which glyphs are looked up.
const DOUBLE_SHIFT_MAX: f64 = 2.0;

/// Rulings may stand out of the page by this much: frames are drawn on the very edge.
const EDGE: f64 = 1.0;

/// A picture that covers at least this part of the page hides the text that was drawn before it. What is smaller is a
/// logo or a seal, and not worth the search.
const HIDING: f64 = 0.1;

/// Boxes of paint and pictures that are kept for a page. White text past so many counts as seen, and pictures hide
/// nothing more: what cannot be told is taken as it is drawn.
const MAX_BOXES: usize = 256;

/// What a glyph is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ink {
    /// Paint that shows on paper.
    Dark,
    /// White, which shows on paint only.
    White,
    /// Nothing.
    None,
}

/// Glyphs that are not to be seen, blanks left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Unseen {
    /// On a picture or behind one, as OCR leaves them.
    pub(crate) on_pictures: usize,
    /// Elsewhere.
    pub(crate) elsewhere: usize,
}

/// A bound that was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Glyphs,
    Rulings,
    Calls,
}

/// One page under way.
pub(crate) struct Canvas {
    /// What has come out so far.
    pub(crate) page: PlacedPage,
    /// Whether an image was drawn.
    pub(crate) has_image: bool,
    /// Where images were drawn.
    pictures: Vec<BBox>,
    /// Where paint was spread.
    paints: Vec<BBox>,
    /// Glyphs that no table decodes.
    pub(crate) undecoded: usize,
    /// Whether a font of the page could not be loaded, so that text is missing.
    pub(crate) font_failed: bool,
    /// Bytes of content that it took to interpret.
    pub(crate) cost: usize,
    /// The first bound that was hit; nothing more is taken from then on.
    pub(crate) stopped: Option<Bound>,
    clips: Vec<BBox>,
    placed: HashMap<(i64, i64), Vec<usize>>,
    calls: usize,
    max_glyphs: usize,
    max_rulings: usize,
    max_calls: usize,
}

impl Canvas {
    /// An empty page of this size, with room for `glyphs_left` glyphs at most.
    pub(crate) fn new(width: f64, height: f64, limits: &Limits, glyphs_left: usize) -> Self {
        Canvas {
            page: PlacedPage { width, height, ..PlacedPage::default() },
            has_image: false,
            pictures: Vec::new(),
            paints: Vec::new(),
            undecoded: 0,
            font_failed: false,
            cost: 0,
            stopped: None,
            clips: Vec::new(),
            placed: HashMap::new(),
            calls: 0,
            max_glyphs: limits.page_glyphs.min(glyphs_left),
            max_rulings: limits.page_rulings,
            max_calls: limits.page_calls,
        }
    }

    /// Counts one drawing operation; false when the page takes no more.
    pub(crate) fn call(&mut self) -> bool {
        self.calls += 1;
        if self.calls > self.max_calls {
            self.stop(Bound::Calls);
        }
        self.stopped.is_none()
    }

    /// Begins to clip at `clip`, within what is clipped already.
    pub(crate) fn push_clip(&mut self, clip: BBox) {
        let inner = match self.clips.last() {
            Some(outer) => clip.intersection(*outer),
            None => clip,
        };
        self.clips.push(inner);
    }

    /// Ends the innermost clip.
    pub(crate) fn pop_clip(&mut self) {
        self.clips.pop();
    }

    /// Places a glyph; none for the text where nothing decodes it. Clipped glyphs are kept, for a cell's text that is
    /// cut off on paper is still its text; glyphs that lie wholly outside the page are not.
    pub(crate) fn glyph(&mut self, text: Option<String>, bbox: BBox, size: f64, ink: Ink) {
        let finite = [bbox.x0, bbox.y0, bbox.x1, bbox.y1, size].iter().all(|number| number.is_finite());
        let inside = bbox.x1 > 0.0 && bbox.x0 < self.page.width && bbox.y1 > 0.0 && bbox.y0 < self.page.height;
        if !finite || !inside || size <= 0.0 || self.stopped.is_some() {
            return;
        }
        let invisible = match ink {
            Ink::Dark => false,
            Ink::White => self.paints.len() < MAX_BOXES && !is_on(&self.paints, bbox) && !is_on(&self.pictures, bbox),
            Ink::None => true,
        };
        let undecoded = text.is_none();
        let text = text.unwrap_or_else(|| '\u{fffd}'.to_string());
        let cell = mesh(bbox);
        if let Some(double) = self.find_double(cell, &text, bbox, size) {
            if let Some(first) = self.page.glyphs.get_mut(double) {
                first.invisible &= invisible;
            }
            return;
        }
        if self.page.glyphs.len() >= self.max_glyphs {
            self.stop(Bound::Glyphs);
            return;
        }
        self.undecoded += usize::from(undecoded);
        self.placed.entry(cell).or_default().push(self.page.glyphs.len());
        self.page.glyphs.push(Glyph { text, bbox, size, invisible });
    }

    /// Takes in that paint was spread over `bbox`.
    pub(crate) fn paint(&mut self, bbox: BBox) {
        if self.paints.len() < MAX_BOXES {
            self.paints.push(bbox);
        }
    }

    /// Takes in that a picture was drawn over `bbox`; one that nothing shows through hides what is under it.
    pub(crate) fn picture(&mut self, bbox: BBox, opaque: bool) {
        self.has_image = true;
        if self.pictures.len() >= MAX_BOXES {
            return;
        }
        let bbox = self.clips.last().map_or(bbox, |clip| bbox.intersection(*clip));
        self.pictures.push(bbox);
        if opaque && bbox.area() >= self.page.width * self.page.height * HIDING {
            let hidden = |glyph: &&mut Glyph| is_on(&[bbox], glyph.bbox);
            self.page.glyphs.iter_mut().filter(hidden).for_each(|glyph| glyph.invisible = true);
        }
    }

    /// The glyphs that are not to be seen.
    pub(crate) fn unseen(&self) -> Unseen {
        let mut unseen = Unseen::default();
        for glyph in self.page.glyphs.iter().filter(|glyph| glyph.invisible && !glyph.text.chars().all(is_blank)) {
            match is_on(&self.pictures, glyph.bbox) {
                true => unseen.on_pictures += 1,
                false => unseen.elsewhere += 1,
            }
        }
        unseen
    }

    /// The part of the page that its largest picture covers.
    pub(crate) fn pictured(&self) -> f64 {
        let sheet = BBox { x0: 0.0, y0: 0.0, x1: self.page.width, y1: self.page.height };
        let largest = self.pictures.iter().map(|picture| picture.intersection(sheet).area()).fold(0.0, f64::max);
        largest / sheet.area().max(f64::MIN_POSITIVE)
    }

    /// Takes rulings, cut to what the clips and the page show of them.
    pub(crate) fn rulings(&mut self, rulings: impl IntoIterator<Item = Ruling>) {
        for ruling in rulings {
            if self.stopped.is_some() {
                return;
            }
            let Some(ruling) = self.shown(ruling) else { continue };
            if self.page.rulings.len() >= self.max_rulings {
                self.stop(Bound::Rulings);
                return;
            }
            self.page.rulings.push(ruling);
        }
    }

    /// The part of `ruling` that is shown.
    fn shown(&self, ruling: Ruling) -> Option<Ruling> {
        let sheet = BBox { x0: 0.0, y0: 0.0, x1: self.page.width, y1: self.page.height };
        let clip = self.clips.last().copied().unwrap_or(sheet);
        let (low, high, from, to) = match ruling.axis {
            Axis::Horizontal => (clip.y0.max(0.0), clip.y1.min(sheet.y1), clip.x0.max(0.0), clip.x1.min(sheet.x1)),
            Axis::Vertical => (clip.x0.max(0.0), clip.x1.min(sheet.x1), clip.y0.max(0.0), clip.y1.min(sheet.y1)),
        };
        let cut = Ruling { from: ruling.from.max(from), to: ruling.to.min(to), ..ruling };
        let finite = [cut.at, cut.from, cut.to].iter().all(|number| number.is_finite());
        (finite && cut.to > cut.from && (low - EDGE..=high + EDGE).contains(&cut.at)).then_some(cut)
    }

    /// The glyph that this one doubles.
    fn find_double(&self, cell: (i64, i64), text: &str, bbox: BBox, size: f64) -> Option<usize> {
        let shift = (size * DOUBLE_SHIFT).min(DOUBLE_SHIFT_MAX);
        let near = |a: f64, b: f64| (a - b).abs() <= shift;
        (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))).find_map(|(dx, dy)| {
            let numbers = self.placed.get(&(cell.0 + dx, cell.1 + dy))?;
            numbers.iter().copied().find(|number| {
                self.page.glyphs.get(*number).is_some_and(|glyph| {
                    glyph.text == text
                        && near(glyph.bbox.x0, bbox.x0)
                        && near(glyph.bbox.y0, bbox.y0)
                        && near(glyph.size, size)
                })
            })
        })
    }

    fn stop(&mut self, bound: Bound) {
        self.stopped = self.stopped.or(Some(bound));
    }
}

/// Whether the middle of `glyph` is on one of `boxes`.
fn is_on(boxes: &[BBox], glyph: BBox) -> bool {
    let (x, y) = glyph.centre();
    boxes.iter().any(|bbox| (bbox.x0..=bbox.x1).contains(&x) && (bbox.y0..=bbox.y1).contains(&y))
}

/// The mesh cell of a box's top left corner.
fn mesh(bbox: BBox) -> (i64, i64) {
    // The casts saturate; boxes on a page are far from that.
    ((bbox.x0 / DOUBLE_SHIFT_MAX).floor() as i64, (bbox.y0 / DOUBLE_SHIFT_MAX).floor() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> BBox {
        BBox { x0: x, y0: y, x1: x + 10.0, y1: y + 10.0 }
    }

    fn canvas() -> Canvas {
        Canvas::new(200.0, 100.0, &Limits { page_glyphs: 4, page_rulings: 2, page_calls: 3, ..Limits::default() }, 100)
    }

    fn texts(canvas: &Canvas) -> Vec<(&str, bool)> {
        canvas.page.glyphs.iter().map(|glyph| (glyph.text.as_str(), glyph.invisible)).collect()
    }

    #[test]
    fn doubles_go_and_neighbours_stay() {
        let mut canvas = canvas();
        canvas.glyph(Some("粗".into()), at(10.0, 10.0), 10.0, Ink::Dark);
        canvas.glyph(Some("粗".into()), at(10.3, 10.0), 10.0, Ink::Dark);
        canvas.glyph(Some("粗".into()), at(20.0, 10.0), 10.0, Ink::Dark);
        canvas.glyph(Some("体".into()), at(10.3, 10.0), 10.0, Ink::Dark);
        assert_eq!(texts(&canvas), [("粗", false), ("粗", false), ("体", false)]);
    }

    #[test]
    fn ink_makes_a_double_visible() {
        let mut canvas = canvas();
        canvas.glyph(Some("层".into()), at(10.0, 10.0), 10.0, Ink::None);
        canvas.glyph(Some("层".into()), at(10.0, 10.0), 10.0, Ink::Dark);
        assert_eq!(texts(&canvas), [("层", false)]);
    }

    #[test]
    fn what_is_not_to_be_seen_is_told() {
        let mut canvas = Canvas::new(200.0, 100.0, &Limits::default(), 100);
        canvas.paint(BBox { x0: 0.0, y0: 0.0, x1: 60.0, y1: 20.0 });
        canvas.glyph(Some("表".into()), at(10.0, 5.0), 10.0, Ink::White);
        canvas.glyph(Some("白".into()), at(100.0, 5.0), 10.0, Ink::White);
        canvas.glyph(Some("下".into()), at(20.0, 60.0), 10.0, Ink::Dark);
        canvas.picture(BBox { x0: 150.0, y0: 50.0, x1: 160.0, y1: 60.0 }, true);
        canvas.picture(BBox { x0: 0.0, y0: 50.0, x1: 60.0, y1: 100.0 }, false);
        assert!(texts(&canvas).contains(&("下", false)));
        canvas.picture(BBox { x0: 0.0, y0: 50.0, x1: 60.0, y1: 100.0 }, true);
        canvas.glyph(Some("上".into()), at(40.0, 60.0), 10.0, Ink::Dark);
        assert_eq!(texts(&canvas), [("表", false), ("白", true), ("下", true), ("上", false)]);
        assert_eq!(canvas.unseen(), Unseen { on_pictures: 1, elsewhere: 1 });
        assert!((canvas.pictured() - 0.15).abs() < 1e-9);
    }

    #[test]
    fn what_lies_outside_the_page_is_not_on_it() {
        let mut canvas = canvas();
        canvas.glyph(Some("外".into()), at(250.0, 10.0), 10.0, Ink::Dark);
        canvas.glyph(Some("外".into()), at(f64::NAN, 10.0), 10.0, Ink::Dark);
        canvas.rulings([Ruling { axis: Axis::Horizontal, at: 150.0, from: 0.0, to: 50.0 }]);
        canvas.rulings([Ruling { axis: Axis::Horizontal, at: 50.0, from: -20.0, to: 250.0 }]);
        assert!(canvas.page.glyphs.is_empty());
        assert_eq!(canvas.page.rulings, [Ruling { axis: Axis::Horizontal, at: 50.0, from: 0.0, to: 200.0 }]);
    }

    #[test]
    fn clips_cut_rulings_and_end() {
        let mut canvas = canvas();
        canvas.push_clip(BBox { x0: 10.0, y0: 0.0, x1: 90.0, y1: 100.0 });
        canvas.push_clip(BBox { x0: 0.0, y0: 0.0, x1: 50.0, y1: 40.0 });
        canvas.rulings([Ruling { axis: Axis::Horizontal, at: 20.0, from: 0.0, to: 200.0 }]);
        canvas.rulings([Ruling { axis: Axis::Horizontal, at: 60.0, from: 0.0, to: 200.0 }]);
        canvas.pop_clip();
        canvas.rulings([Ruling { axis: Axis::Vertical, at: 60.0, from: 0.0, to: 80.0 }]);
        let expected = [
            Ruling { axis: Axis::Horizontal, at: 20.0, from: 10.0, to: 50.0 },
            Ruling { axis: Axis::Vertical, at: 60.0, from: 0.0, to: 80.0 },
        ];
        assert_eq!(canvas.page.rulings, expected);
    }

    #[test]
    fn bounds_hold() {
        let mut canvas = canvas();
        for n in 0..6 {
            canvas.glyph(Some("满".into()), at(f64::from(n) * 20.0, 10.0), 10.0, Ink::Dark);
        }
        assert_eq!((canvas.page.glyphs.len(), canvas.stopped), (4, Some(Bound::Glyphs)));
        let mut canvas = self::canvas();
        canvas.rulings((0..9).map(|n| Ruling { axis: Axis::Vertical, at: f64::from(n), from: 0.0, to: 9.0 }));
        assert_eq!((canvas.page.rulings.len(), canvas.stopped), (2, Some(Bound::Rulings)));
        let mut canvas = self::canvas();
        assert_eq!((0..5).filter(|_| canvas.call()).count(), 3);
        assert_eq!(canvas.stopped, Some(Bound::Calls));
    }
}
