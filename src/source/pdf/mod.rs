//! PDF bytes to pages of placed glyphs and rulings: a gate, a mender, a reader.
//!
//! The gate ([`gate`]) opens and decrypts with lopdf and keeps the sizes; the mender ([`mend`]) gives fonts the
//! tables that they lack; the reader ([`mod@read`]) interprets each page on a [`canvas`].

mod canvas;
mod cost;
mod damage;
mod dingbats;
mod fontless;
mod gate;
mod gbk_font;
mod inflate;
mod lexis;
mod mend;
mod own_cmap;
mod read;
mod revive;
mod ruling;
mod scan;
mod spell;
mod unicode;
mod unpacked;
mod weight;

#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};

use self::canvas::{Bound, Canvas};
use self::gate::Gate;
use self::read::{Hayro, Left, Reader, Sight, TooMuchContent};
use super::{Content, Document, Limits, Options, Page, PlacedPage};
use crate::fold::is_blank;
use crate::problem::{Code, Problem};
use crate::record::SourceKind;

/// A picture that covers this part of a page is the page: scanners leave a margin of up to a fifth.
const SCAN: f64 = 0.6;

/// Characters that programs print on a scanned page: their own name, a date, a page number. A page with more has text.
const STAMP: usize = 24;

/// Reads a PDF whose header is at the start of `bytes`.
pub(crate) fn read(bytes: &[u8], options: &Options) -> Document {
    let limits = &options.limits;
    let mut problems = Vec::new();
    let reader = match guarded(|| prepare(bytes, options)) {
        Some(Ok((reader, found))) => {
            problems = found;
            Some(reader)
        }
        Some(Err(refused)) => {
            problems = refused;
            None
        }
        None => None,
    };
    let Some(reader) = reader else {
        if problems.is_empty() {
            problems.push(unreadable());
        }
        return super::failed(Some(SourceKind::Pdf), problems);
    };
    let session = reader.session();
    let pages = read_pages(&session, limits, &mut problems);
    Document { kind: Some(SourceKind::Pdf), paged: true, pages, problems, ..Document::default() }
}

/// Opens, checks and mends; gives the reader and what was found, or why there is none.
fn prepare(bytes: &[u8], options: &Options) -> Result<(Hayro, Vec<Problem>), Vec<Problem>> {
    let limits = &options.limits;
    let (mut document, anew, damage) = match gate::open(bytes, options.password.as_deref(), limits) {
        Gate::Open { document, anew, damage } => (document, anew, damage),
        Gate::Refused(problem) => return Err(vec![problem]),
        Gate::Unparsed | Gate::Heavy if inflate::explodes(bytes, limits.stream, limits.streams) => {
            return Err(vec![gate::bomb(limits.stream)]);
        }
        Gate::Unparsed => return as_given(bytes, damaged()),
        Gate::Heavy => return as_given(bytes, gate::too_many_objects(limits.objects)),
    };
    let mut problems: Vec<Problem> = damage.into_iter().chain(damage::of(&document)).collect();
    let mended = mend::mend(&mut document, limits);
    problems.extend(mended.problems);
    let as_given = if anew || mended.changed { None } else { Hayro::open(bytes.to_vec()) };
    // Written anew where that is needed, or where the reader finds less in the bytes as given.
    let enough = as_given.as_ref().is_some_and(|reader| reader.pages() >= document.page_iter().count());
    let reader = if enough { as_given } else { larger(as_given, rewritten(&mut document)) };
    match reader {
        Some(reader) => {
            let pages = document.page_iter().count();
            // Of a document without objects the gate knows nothing: it is encrypted in a way that only the reader knows.
            if pages < reader.pages() && problems.is_empty() && !document.objects.is_empty() {
                problems.push(damaged());
            }
            problems.extend(damage::missing_pages(&document, reader.pages()));
            Ok((reader, problems))
        }
        None => {
            problems.push(unreadable());
            Err(problems)
        }
    }
}

/// The reader of bytes that did not pass the gate, and why they did not.
fn as_given(bytes: &[u8], why: Problem) -> Result<(Hayro, Vec<Problem>), Vec<Problem>> {
    match Hayro::open(bytes.to_vec()) {
        Some(reader) => Ok((reader, vec![why])),
        None => Err(vec![unreadable()]),
    }
}

/// The PDF decrypted and mended, with nothing in it that a reader of Chinese fonts must know by heart; none when it
/// does not open.
pub(crate) fn plain(bytes: &[u8], options: &Options) -> Option<Vec<u8>> {
    guarded(|| {
        let Gate::Open { mut document, .. } = gate::open(bytes, options.password.as_deref(), &options.limits) else {
            return None;
        };
        mend::mend(&mut document, &options.limits);
        spell::spell_out(&mut document);
        let mut written = Vec::new();
        document.save_to(&mut written).ok().map(|()| written)
    })?
}

/// The reader of a document written anew.
fn rewritten(document: &mut lopdf::Document) -> Option<Hayro> {
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).ok()?;
    Hayro::open(bytes)
}

/// The reader that finds more pages.
fn larger(first: Option<Hayro>, second: Option<Hayro>) -> Option<Hayro> {
    first.into_iter().chain(second).rev().max_by_key(Hayro::pages)
}

/// Reads the pages one by one; a page that fails is a problem of that page.
fn read_pages(reader: &dyn Reader, limits: &Limits, problems: &mut Vec<Problem>) -> Vec<Page> {
    let count = reader.pages();
    let mut left = Left { glyphs: limits.glyphs, content: limits.content, pixels: limits.pixels };
    let mut pages = Vec::new();
    for index in 0..count.min(limits.pages) {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let canvas = match left.content {
            0 => Some(Err(TooMuchContent)),
            _ => guarded(|| reader.page(index, limits, left)),
        };
        let placed = match canvas {
            Some(Ok(mut canvas)) => {
                problems.extend(doubts(&canvas, limits, left).into_iter().map(|problem| problem.on_page(number)));
                left.content = left.content.saturating_sub(canvas.cost);
                if canvas.unseen().on_pictures > 0 && canvas.pictured() >= SCAN && canvas.page.rulings.is_empty() {
                    let most = limits.page_pixels.min(left.pixels);
                    let sight: Sight = guarded(|| reader.pictured_lines(index, most)).unwrap_or_default();
                    left.pixels -= sight.pixels;
                    if sight.passed_over {
                        problems.push(too_many_pixels(limits, most).on_page(number));
                    }
                    scan::rule(&mut canvas.page, &sight.segments);
                }
                canvas.page
            }
            Some(Err(TooMuchContent)) => {
                problems.push(too_much_content(limits, left).on_page(number));
                // To see that it is too much takes as much.
                left.content = left.content.saturating_sub(limits.page_content);
                PlacedPage::default()
            }
            None => {
                problems.push(page_failed().on_page(number));
                PlacedPage::default()
            }
        };
        left.glyphs = left.glyphs.saturating_sub(placed.glyphs.len());
        pages.push(Page { number, content: Content::Placed(placed) });
    }
    if count > limits.pages {
        problems.push(Problem::new(
            Code::LimitReached,
            format!("PDF 有 {count} 页，超过 {} 页的上限，其后的页没有读取。请拆分文件，或提高 --max-pages", limits.pages),
            format!(
                "the PDF has {count} pages, more than the limit of {}; those after it were not read: split the file, or raise --max-pages",
                limits.pages
            ),
        ));
    }
    pages
}

/// What is lost or doubtful on a page.
fn doubts(canvas: &Canvas, limits: &Limits, left: Left) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(bound) = canvas.stopped {
        let (zh, en, limit, zh_remedy, remedy) = match bound {
            Bound::Glyphs if left.glyphs < limits.page_glyphs => {
                ("文件的字符", "the document has more than {} glyphs", limits.glyphs, "", "")
            }
            Bound::Glyphs => (
                "本页的字符",
                "the page has more than {} glyphs",
                limits.page_glyphs,
                "，或提高 --max-glyphs",
                ", or raise --max-glyphs",
            ),
            Bound::Rulings => ("本页的表线", "the page has more than {} rulings", limits.page_rulings, "", ""),
            Bound::Calls => {
                ("本页的绘图操作", "the page has more than {} drawing operations", limits.page_calls, "", "")
            }
        };
        let en = en.replace("{}", &limit.to_string());
        problems.push(Problem::new(
            Code::LimitReached,
            format!("{zh}超过 {limit} 个的上限，其余没有读取。请另行打印为 PDF 再试{zh_remedy}"),
            format!("{en}, the limit, and the rest was not read; print it to a new PDF and try again{remedy}"),
        ));
    }
    if canvas.undecoded > 0 {
        let count = canvas.undecoded;
        problems.push(Problem::new(
            Code::Undecodable,
            format!("本页有 {count} 个字符的字体没有给出编码对照，记作 U+FFFD。请从原文件重新导出 PDF，或改用 OCR"),
            format!("{count} characters of this page are in fonts that no table decodes; they stand as U+FFFD: export the PDF again from its source, or use OCR"),
        ));
    }
    if canvas.font_failed {
        problems.push(Problem::new(
            Code::Undecodable,
            "本页有字体无法载入，用它显示的文字没有读出。请从原文件重新导出 PDF，或改用 OCR",
            "a font of this page could not be loaded, and text shown in it was not read: export the PDF again from its source, or use OCR",
        ));
    }
    let text = canvas.page.glyphs.iter().filter(|glyph| !glyph.text.chars().all(is_blank)).count();
    let unseen = canvas.unseen();
    let complete = canvas.stopped.is_none() && !canvas.font_failed;
    if text == 0 && canvas.has_image && complete {
        problems.push(Problem::new(
            Code::NoTextLayer,
            "本页只有图片，没有文字层。请先做文字识别（OCR），再读取带文字层的 PDF",
            "the page is only a picture, without a text layer; run OCR on it first and give the PDF with its text layer",
        ));
    } else if text <= STAMP && unseen.on_pictures == 0 && canvas.pictured() >= SCAN && complete {
        problems.push(Problem::new(
            Code::NoTextLayer,
            format!("本页是整页图片，图片之外只有 {text} 个字符。图中的文字没有读到，请先做文字识别（OCR）"),
            format!("the page is a picture with {text} characters of text beside; what the picture shows was not read: run OCR on it first"),
        ));
    }
    if unseen.on_pictures > 0 {
        let count = unseen.on_pictures;
        problems.push(Problem::new(
            Code::OcrLayer,
            format!("本页有 {count} 个字符来自图片下的识别层（OCR），可能有误识。请对照图片核对数字"),
            format!("{count} characters of this page are of the layer that OCR put behind a picture, and may be misread; compare the figures with the picture"),
        ));
    }
    if unseen.elsewhere > 0 {
        let count = unseen.elsewhere;
        problems.push(Problem::new(
            Code::HiddenText,
            format!("本页有 {count} 个字符在页面上看不见（无墨或白色）。请核对它们是否属于文件内容"),
            format!("{count} characters of this page cannot be seen on it (no ink, or white); check whether they belong to what the document says"),
        ));
    }
    problems
}

/// Runs third-party reading of untrusted bytes; none when it panicked.
///
/// The readers are written not to panic, and limits keep them from what they are known to choke on. This is the last
/// resort, so that a bug in one of them costs a page or a document and not the batch. It works where panics unwind.
fn guarded<T>(read: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()
}

fn unreadable() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "PDF 已损坏：找不到任何页面。请重新下载或导出文件",
        "the PDF is damaged: no pages were found in it; fetch or export the file again",
    )
}

fn damaged() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "PDF 的结构已损坏，只读取了能找到的页面；可能缺少内容。请核对页数，或重新下载文件",
        "the structure of the PDF is damaged, and only the pages that could be found were read; something may be missing: check the number of pages, or fetch the file again",
    )
}

fn page_failed() -> Problem {
    Problem::new(
        Code::DamagedPdf,
        "本页无法读取：其内容使读取程序出错。请另行打印为 PDF 再试",
        "the page could not be read: its content made the reader fail; print it to a new PDF and try again",
    )
}

fn too_many_pixels(limits: &Limits, most: usize) -> Problem {
    let (zh, en, limit) = match most == limits.page_pixels {
        true => ("本页的图片", "the pictures of this page have", limits.page_pixels),
        false => ("到本页为止，各页的图片共", "the pictures of the pages up to this one have", limits.pixels),
    };
    Problem::new(
        Code::LimitReached,
        format!("{zh}超过 {limit} 像素的上限，没有查看图中的表线，只读取了文字层。请降低扫描分辨率，或拆分文件"),
        format!(
            "{en} more than {limit} pixels, the limit; the lines of tables in them were not looked for, and only the text layer was read: scan at a lower resolution, or split the file"
        ),
    )
}

fn too_much_content(limits: &Limits, left: Left) -> Problem {
    let of_page = limits.page_content <= left.content;
    let (zh, en, limit) = match of_page {
        true => ("本页的内容展开后", "the content of this page comes to", limits.page_content),
        false => ("到本页为止，各页的内容展开后共", "the content of the pages up to this one comes to", limits.content),
    };
    Problem::new(
        Code::LimitReached,
        format!("{zh}超过 {limit} 字节的上限，本页没有读取。请另行打印为 PDF 再试"),
        format!(
            "{en} more than {limit} bytes, the limit, and this page was not read; print it to a new PDF and try again"
        ),
    )
}
