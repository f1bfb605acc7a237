//! The reader of pages: a small trait, and the one that stands behind it, hayro-interpret.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hayro_interpret::font::{Glyph, GlyphRun};
use hayro_interpret::hayro_cmap::{BfString, WritingMode};
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Rect, Shape};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, InterpreterCache,
    InterpreterSettings, InterpreterWarning, Paint, SoftMask, TransformExt, WarningSinkFn, interpret_page,
};

use super::canvas::{Canvas, Ink};
use super::own_cmap::OwnCmap;
use super::ruling;
use super::scan::{self, Bitmap, Segment};
use super::{cost, dingbats, unpacked};
use crate::source::{BBox, Limits};

/// Units of a font's em, in which hayro places glyphs.
const EM: f64 = 1000.0;

/// How far a glyph's box reaches under its baseline, in parts of the em: the convention of Chinese fonts (880 above,
/// 120 below), and near enough for Latin ones.
const DESCENT: f64 = 120.0;

/// Paint is ink from this opacity on.
const OPAQUE: f32 = 0.05;

/// Paint is white, and no ink, when each of red, green and blue is at least this.
const WHITE: f32 = 0.98;

/// So many pictures of a page are looked at for lines: a scan is one.
const MAX_LOOKS: usize = 2;

/// Reads the pages of one open PDF.
pub(crate) trait Reader {
    /// Number of pages.
    fn pages(&self) -> usize;

    /// Draws a page, counted from 0, on a new canvas, within what is left for the document; an error when interpreting
    /// it would exceed the limit of content.
    fn page(&self, number: usize, limits: &Limits, left: Left) -> Result<Canvas, TooMuchContent>;

    /// The straight lines in the pictures that cover a page, counted from 0, of at most so many pixels together.
    fn pictured_lines(&self, number: usize, pixels: usize) -> Sight;
}

/// What the limits leave for the pages of a document that are not read yet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Left {
    pub(crate) glyphs: usize,
    /// Bytes of content.
    pub(crate) content: usize,
    /// Pixels of pictures that are looked at for lines.
    pub(crate) pixels: usize,
}

/// What is seen in the pictures of a page.
#[derive(Default)]
pub(crate) struct Sight {
    pub(crate) segments: Vec<Segment>,
    /// Pixels that were looked at.
    pub(crate) pixels: usize,
    /// Whether a picture has more pixels than were left, and was not looked at.
    pub(crate) passed_over: bool,
}

/// Interpreting the page would take more bytes of content than the limit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMuchContent;

/// The reader that hayro-interpret gives.
pub(crate) struct Hayro {
    pdf: Pdf,
}

impl Hayro {
    /// Opens a PDF that needs no password; none when hayro finds no pages in it.
    pub(crate) fn open(bytes: Vec<u8>) -> Option<Self> {
        Pdf::new(bytes).ok().map(|pdf| Hayro { pdf }).filter(|reader| reader.pages() > 0)
    }

    /// Number of pages.
    pub(crate) fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// A cache of fonts, good for all pages of this document.
    pub(crate) fn session(&self) -> Session<'_> {
        Session {
            pdf: &self.pdf,
            cache: InterpreterCache::new(),
            cmaps: RefCell::default(),
            failed_fonts: Arc::default(),
        }
    }
}

/// Pages of one document with the fonts seen so far.
pub(crate) struct Session<'a> {
    pdf: &'a Pdf,
    cache: InterpreterCache<'a>,
    cmaps: RefCell<HashMap<u128, OwnCmap>>,
    /// How often a font was asked for that cannot be loaded.
    failed_fonts: Arc<AtomicUsize>,
}

impl<'a> Session<'a> {
    fn context(&self, page: &Page<'_>) -> Context<'a> {
        let (width, height) = size(page);
        Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, width, height),
            &self.cache,
            self.pdf.xref(),
            InterpreterSettings {
                cmap_resolver: super::unicode::resolver(),
                warning_sink: count_failed_fonts(self.failed_fonts.clone()),
                ..InterpreterSettings::default()
            },
        )
    }
}

impl Reader for Session<'_> {
    fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    fn page(&self, number: usize, limits: &Limits, left: Left) -> Result<Canvas, TooMuchContent> {
        let Some(page) = self.pdf.pages().get(number) else {
            return Ok(Canvas::new(0.0, 0.0, limits, 0));
        };
        let (width, height) = size(page);
        let mut canvas = Canvas::new(width, height, limits, left.glyphs);
        canvas.cost = cost::of_page(page, limits.page_content.min(left.content)).ok_or(TooMuchContent)?;
        let mut context = self.context(page);
        let mut pen = Pen { canvas: &mut canvas, cmaps: &self.cmaps, veils: Vec::new() };
        self.failed_fonts.store(0, Ordering::Relaxed);
        interpret_page(page, &mut context, &mut pen);
        canvas.font_failed = self.failed_fonts.load(Ordering::Relaxed) > 0 || lacks_fonts(page);
        Ok(canvas)
    }

    fn pictured_lines(&self, number: usize, pixels: usize) -> Sight {
        let Some(page) = self.pdf.pages().get(number) else { return Sight::default() };
        let (width, height) = size(page);
        let mut eye = Eye { sheet: width * height, most: pixels, sight: Sight::default(), looks: 0 };
        interpret_page(page, &mut self.context(page), &mut eye);
        eye.sight
    }
}

/// Width and height of a page as it is shown.
fn size(page: &Page<'_>) -> (f64, f64) {
    let (width, height) = page.render_dimensions();
    (f64::from(width), f64::from(height))
}

/// Looks for lines in pictures.
struct Eye {
    /// The area of the page.
    sheet: f64,
    /// Pixels that may be looked at.
    most: usize,
    sight: Sight,
    /// How many pictures were looked at.
    looks: usize,
}

impl<'a> Device<'a> for Eye {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}

    fn draw_glyph_run(&mut self, _: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {}

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        let (width, height) = (image.width(), image.height());
        let area = props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, f64::from(width), f64::from(height))).area();
        let Image::Raster(raster) = image else { return };
        if self.looks >= MAX_LOOKS || area < self.sheet * super::SCAN {
            return;
        }
        let left = self.most.saturating_sub(self.sight.pixels);
        if (width as usize).saturating_mul(height as usize) > left {
            self.sight.passed_over = true;
            return;
        }
        let Some(pixels) = unpacked::pixels(raster.stream(), left as u64) else { return };
        self.looks += 1;
        self.sight.pixels += pixels as usize;
        let segments = &mut self.sight.segments;
        let look = |data: ImageData, _| {
            let (x, y) = data.scale_factors();
            let to_page = props.transform * Affine::scale_non_uniform(f64::from(x), f64::from(y));
            segments.extend(Bitmap::of(&data).map(|bitmap| scan::segments(&bitmap, to_page)).unwrap_or_default());
        };
        raster.with_rgba(look, None);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_clip_rect(&mut self, _: &Rect) {}

    fn pop_clip(&mut self) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}
}

/// Whether a page selects fonts and has none: hayro then shows what is ASCII, and no more.
fn lacks_fonts(page: &Page<'_>) -> bool {
    let selects = |content: &[u8]| content.windows(4).any(|window| window == b" Tf\n" || window == b" Tf ");
    page.resources().fonts.is_empty() && page.page_stream().is_some_and(selects)
}

/// Counts the fonts that hayro gives up; it draws nothing of their Chinese text.
fn count_failed_fonts(count: Arc<AtomicUsize>) -> WarningSinkFn {
    Arc::new(move |warning| {
        if let InterpreterWarning::UnsupportedFont = warning {
            count.fetch_add(1, Ordering::Relaxed);
        }
    })
}

/// Draws on a canvas what hayro interprets.
struct Pen<'c> {
    canvas: &'c mut Canvas,
    cmaps: &'c RefCell<HashMap<u128, OwnCmap>>,
    /// For each group under way, whether what is under it shows through.
    veils: Vec<bool>,
}

impl Pen<'_> {
    fn glyph(&mut self, glyph: &Glyph<'_>, to_page: Affine, vertical: bool, ink: Ink) {
        let [a, b, c, d, _, _] = to_page.as_coeffs();
        let size = c.hypot(d) * EM;
        let text = self.text(glyph);
        let advance = match glyph {
            Glyph::Outline(outline) => outline.advance_width(),
            Glyph::Type3(drawn) => drawn.advance_width(),
        };
        let advance = advance.map(f64::from).filter(|advance| !vertical && *advance > 0.0);
        let half = text.as_deref().is_some_and(|text| text.is_ascii());
        let advance = advance.unwrap_or(if half && !vertical { EM / 2.0 } else { EM });
        // A font of no height still has a width to go by.
        let size = if size > 0.0 { size } else { a.hypot(b) * EM };
        let area = to_page.transform_rect_bbox(Rect::new(0.0, -DESCENT, advance, EM - DESCENT));
        self.canvas.glyph(text, bbox(area), size, ink);
    }

    /// What a glyph stands for, by the document's tables, else by the font's own.
    fn text(&self, glyph: &Glyph<'_>) -> Option<String> {
        let told = glyph.as_unicode().map(|text| match text {
            BfString::Char(ch) => ch.to_string(),
            BfString::String(text) => text,
        });
        let told = told.and_then(legible);
        // Only private and Latin codes may be signs of a pictorial font, and only then is its name asked for.
        if told
            .as_deref()
            .is_some_and(|text| !text.starts_with(|ch| matches!(ch, '\u{21}'..='\u{ff}' | '\u{e000}'..='\u{f8ff}')))
        {
            return told;
        }
        let Glyph::Outline(outline) = glyph else { return told };
        let Some(font) = outline.font_data() else { return told };
        match told {
            Some(text) => {
                let name = font.postscript_name.as_deref().unwrap_or_default();
                let sign = text.chars().next().and_then(|ch| dingbats::sign(name, ch));
                Some(sign.map_or(text, String::from))
            }
            None => {
                let mut cmaps = self.cmaps.borrow_mut();
                let cmap = cmaps.entry(font.cache_key).or_insert_with(|| OwnCmap::new(font.data.as_ref().as_ref()));
                cmap.text(outline.glyph_id().to_u32())
            }
        }
    }
}

impl<'a> Device<'a> for Pen<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, draw_mode: &DrawMode) {
        if !self.canvas.call() || !is_ink(&props.paint) {
            return;
        }
        if let DrawMode::Fill(_) | DrawMode::FillAndStroke(..) = draw_mode {
            self.canvas.paint(bbox(props.transform.transform_rect_bbox(path.bounding_box())));
        }
        let rulings = match draw_mode {
            DrawMode::Fill(_) => ruling::of_fill(path, props.transform),
            DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) => {
                ruling::of_stroke(path, props.transform, f64::from(stroke.line_width))
            }
            DrawMode::Invisible => return,
        };
        self.canvas.rulings(rulings);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, draw_mode: &DrawMode) {
        let ink = match draw_mode {
            DrawMode::Invisible => Ink::None,
            DrawMode::Fill(_) => ink(&props.paint),
            DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) => Ink::Dark,
        };
        let vertical = run.writing_mode() == WritingMode::Vertical;
        for glyph in run.glyphs() {
            if !self.canvas.call() {
                return;
            }
            self.glyph(glyph, props.transform * glyph.transform(), vertical, ink);
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if self.canvas.call() {
            let size = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
            let opaque = !self.veils.contains(&true) && is_opaque(&image);
            self.canvas.picture(bbox(props.transform.transform_rect_bbox(size)), opaque);
        }
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        self.canvas.call();
        self.canvas.push_clip(bbox(clip_path.path.bounding_box()));
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.canvas.call();
        self.canvas.push_clip(bbox(*rect));
    }

    fn pop_clip(&mut self) {
        self.canvas.pop_clip();
    }

    fn push_transparency_group(&mut self, alpha: f32, mask: Option<SoftMask<'a>>, blend: BlendMode) {
        self.veils.push(alpha < 1.0 || mask.is_some() || blend != BlendMode::Normal);
    }

    fn pop_transparency_group(&mut self) {
        self.veils.pop();
    }
}

/// `text` without control characters; none when nothing legible is left, for such a table does not decode.
fn legible(text: String) -> Option<String> {
    // So Adobe's tables call the half-width space, which the codes know as an ordinary one.
    if text == "\u{2002}" {
        return Some(" ".to_owned());
    }
    if text.chars().all(|ch| !ch.is_control() && ch != '\u{fffd}') {
        return (!text.is_empty()).then_some(text);
    }
    text.chars().all(char::is_whitespace).then(|| " ".to_owned())
}

/// Whether paint leaves a mark on white paper.
fn is_ink(paint: &Paint<'_>) -> bool {
    ink(paint) == Ink::Dark
}

/// How paint shows.
fn ink(paint: &Paint<'_>) -> Ink {
    let Paint::Color(color) = paint else { return Ink::Dark };
    let [red, green, blue, alpha] = color.to_rgba().components();
    match () {
        () if alpha < OPAQUE => Ink::None,
        () if red < WHITE || green < WHITE || blue < WHITE => Ink::Dark,
        () => Ink::White,
    }
}

/// Whether nothing shows through an image: it is no stencil, and has no mask of any kind.
fn is_opaque(image: &Image<'_, '_>) -> bool {
    let Image::Raster(image) = image else { return false };
    let dict = image.stream().dict();
    ![&b"SMask"[..], b"Mask", b"SMaskInData"].iter().any(|key| dict.contains_key(*key))
}

fn bbox(rect: Rect) -> BBox {
    BBox { x0: rect.x0, y0: rect.y0, x1: rect.x1, y1: rect.y1 }
}
