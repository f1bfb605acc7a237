//! Documents and patterns made to exhaust their reader: each ends, within bounded memory, with a problem that says why.
//!
//! What each takes is printed, as a table, by
//! `cargo test --test bombs -- --ignored --nocapture table` (on Linux; build with `--release` for the figures that
//! users see).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::Value;

/// KiB of address space that a run may take. Most of it is never touched; what is touched is in the table.
const MEMORY: usize = 6 << 20;

/// What reads a bomb.
#[derive(Clone, Copy)]
enum Reader {
    /// `retally extract`.
    Extract,
    /// `retally extract --patterns` of a folder with the bomb in it, on a sample.
    Pattern,
}

/// A file made to exhaust its reader, and the codes of problems that it must meet; none where it does no harm.
struct Bomb {
    name: &'static str,
    file: &'static str,
    reader: Reader,
    make: fn() -> Vec<u8>,
    codes: &'static [&'static str],
}

/// Lists the bombs, and makes a test of each.
macro_rules! bombs {
    ($($name:ident $file:literal $reader:ident [$($code:literal)*] $make:expr;)*) => {
        const BOMBS: &[Bomb] = &[$(Bomb {
            name: stringify!($name), file: $file, reader: Reader::$reader, make: || $make, codes: &[$($code),*],
        },)*];
        $(#[test] fn $name() { check(stringify!($name)); })*
    };
}

bombs! {
    flate_in_flate "a.pdf" Extract ["too-large"] {
        let twice = deflate(&deflate(&vec![b' '; 128 << 20]));
        page(stream("/Filter [ /FlateDecode /FlateDecode ]", &twice), "", &[])
    };
    many_streams_under_the_bound "a.pdf" Extract ["too-large"] {
        let one = stream("/Filter /FlateDecode", &deflate(&vec![b' '; 60 << 20]));
        page(one.clone(), "", &vec![one; 12])
    };
    forms_that_multiply "a.pdf" Extract ["limit-reached"] {
        let form = |next: usize| {
            let draw = b"/X Do ".repeat(10);
            stream(&format!("/Subtype /Form /BBox [ 0 0 9 9 ] /Resources << /XObject << /X {next} 0 R >> >>"), &draw)
        };
        let forms: Vec<Vec<u8>> = (0..12).map(|level| form(7 + level)).collect();
        page(stream("", b"/X Do"), "/XObject << /X 6 0 R >>", &forms)
    };
    to_unicode_over_all_codes "a.pdf" Extract [] {
        let ranges = "<00000000> <FFFFFFFF> <4E00>\n".repeat(100);
        let map = format!("1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange 100 beginbfrange\n{ranges}endbfrange");
        font("/ToUnicode 6 0 R", &[stream("", map.as_bytes())])
    };
    widths_over_all_codes "a.pdf" Extract ["limit-reached"] {
        let widths = "0 2147483647 500 ".repeat(10_000);
        let font = format!("<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [ << /Type /Font \
            /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 5 >> \
            /W [ {widths} ] >> ] >>");
        pdf(&[CATALOG.into(), PAGES.into(), PAGE.into(), stream("", b"BT /F1 9 Tf <4E00> Tj ET"), font.into()])
    };
    kids_that_loop "a.pdf" Extract ["damaged-pdf"] {
        pdf(&[CATALOG.into(), "<< /Type /Pages /Kids [ 2 0 R 3 0 R 2 0 R ] /Count 1000000 >>".into(), PAGE.into(),
            stream("", b""), FONT.into()])
    };
    parents_that_loop "a.pdf" Extract [] {
        pdf(&[CATALOG.into(), "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 /Parent 3 0 R >>".into(),
            "<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>".into(), stream("", b""), FONT.into()])
    };
    one_page_a_million_times "a.pdf" Extract [] {
        let kids = "3 0 R ".repeat(1_000_000);
        let pages = format!("<< /Type /Pages /Kids [ {kids} ] /Count 1000000 >>");
        pdf(&[CATALOG.into(), pages.into(), PAGE.into(), stream("", b"0 0 5 5 re S"), FONT.into()])
    };
    pages_by_the_hundred_thousand "a.pdf" Extract ["limit-reached"] {
        many_pages(100_000, stream("", b"0 0 5 5 re S"))
    };
    long_content_on_many_pages "a.pdf" Extract ["limit-reached"] {
        many_pages(4_000, stream("/Filter /FlateDecode", &deflate(&b"q Q ".repeat(4 << 20)[..(16 << 20) - 1])))
    };
    one_stream_many_times_on_a_page "a.pdf" Extract ["limit-reached"] {
        let content = stream("/Filter /FlateDecode", &deflate(&vec![b' '; 16 << 20]));
        pdf(&[CATALOG.into(), PAGES.into(), PAGE.replace("4 0 R", &format!("[ {} ]", "4 0 R ".repeat(100_000))).into(),
            content, FONT.into()])
    };
    a_million_states "a.pdf" Extract [] page(stream("", &b"q ".repeat(1_000_000)), "", &[]);
    operators_of_50_mb "a.pdf" Extract ["limit-reached"] {
        page(stream("/Filter /FlateDecode", &deflate(&b"0 0 m 1 1 l S\n".repeat(3_700_000))), "", &[])
    };
    operators_just_under_the_bound "a.pdf" Extract ["limit-reached"] {
        page(stream("/Filter /FlateDecode", &deflate(&b"0 0 m 9 0 l S\n".repeat(1_190_000))), "", &[])
    };
    absurd_media_box "a.pdf" Extract [] {
        let page = PAGE.replace("0 0 200 100", "-1e38 -99999999999999999999 1e38 340282350000000000000000000000000000000000");
        pdf(&[CATALOG.into(), PAGES.into(), page.into(), stream("", b"0 0 5 5 re S"), FONT.into()])
    };
    arrays_in_arrays "a.pdf" Extract [] {
        pdf(&[CATALOG.into(), PAGES.into(), PAGE.into(), stream("", b""), b"[".repeat(1_000_000)])
    };
    dictionaries_in_dictionaries "a.pdf" Extract [] {
        pdf(&[CATALOG.into(), PAGES.into(), PAGE.into(), stream("", b""), b"<< /A ".repeat(500_000)])
    };
    strings_in_strings "a.pdf" Extract [] {
        pdf(&[CATALOG.into(), PAGES.into(), PAGE.into(), stream("", b""), b"(".repeat(1_000_000)])
    };
    arrays_in_content "a.pdf" Extract [] page(stream("", &b"[".repeat(1_000_000)), "", &[]);
    dictionaries_in_content "a.pdf" Extract [] page(stream("", &b"/A << /B ".repeat(500_000)), "", &[]);
    references_in_a_ring "a.pdf" Extract [] {
        let ring: Vec<Vec<u8>> = (0..1000).map(|at| format!("{} 0 R", 6 + (at + 1) % 1000).into_bytes()).collect();
        let mut objects = vec![CATALOG.into(), PAGES.into(), PAGE.replace("4 0 R", "6 0 R").into(), stream("", b""),
            b"6 0 R".to_vec()];
        objects.extend(ring);
        pdf(&objects)
    };
    tables_that_lead_to_each_other "a.pdf" Extract ["damaged-pdf"] {
        b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 2147483647 /Root 1 0 R \
            /Prev 30 >>\nstartxref\n30\n%%EOF\n".to_vec()
    };
    objects_by_the_thousand_million "a.pdf" Extract ["damaged-pdf"] {
        let data = deflate(&[0; 64]);
        let table = stream("/Type /XRef /Size 2147483647 /Index [ 0 2147483647 ] /W [ 0 0 0 ] /Root 1 0 R /Filter /FlateDecode", &data);
        let mut bytes = b"%PDF-1.7\n1 0 obj\n".to_vec();
        bytes.extend(table);
        bytes.extend(b"\nendobj\nstartxref\n9\n%%EOF\n");
        bytes
    };
    a_jpeg_2000_larger_than_it_says "a.pdf" Extract ["ocr-layer"] picture(1000, 1000, "/Filter /JPXDecode", JPEG_2000);
    a_mask_larger_than_it_says "a.pdf" Extract ["ocr-layer"] {
        let mask = stream("/Subtype /Image /Width 9 /Height 9 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /JPXDecode", JPEG_2000);
        picture_with(1000, 1000, "/SMask 7 0 R", &[0xff; 125_000], &[mask])
    };
    a_jbig2_larger_than_it_says "a.pdf" Extract ["ocr-layer"] {
        let mut page = b"\0\0\0\0\x30\0\x01\0\0\0\x13".to_vec();
        page.extend([[60_000_u32.to_be_bytes(); 2].concat(), vec![0; 11]].concat());
        picture(1000, 1000, "/Filter /JBIG2Decode", &page)
    };
    a_fax_larger_than_it_says "a.pdf" Extract ["ocr-layer"] {
        picture(1000, 40_000, "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 600000 >>", &[0xff; 10_000])
    };
    a_deflated_picture_larger_than_it_says "a.pdf" Extract ["ocr-layer"] {
        picture(1000, 1000, "/Filter /FlateDecode", &deflate(&vec![0xff; 256 << 20]))
    };
    a_comb_of_lines "a.pdf" Extract ["ocr-layer"] {
        picture(64, 600_000, "/Filter /FlateDecode", &deflate(&[&[0; 8][..], &[0xff; 32]].concat().repeat(120_000)))
    };
    a_grid_of_lines "a.pdf" Extract ["ocr-layer"] {
        let rows = [&[0; 600][..], &[0x7f; 7 * 600]].concat().repeat(750);
        picture(4800, 6000, "/Filter /FlateDecode", &deflate(&rows))
    };
    an_array_of_20_million "a.pdf" Extract ["limit-reached"] {
        let array = [&b"["[..], &b"1 ".repeat(20_000_000), b"]"].concat();
        pdf(&[CATALOG.into(), PAGES.into(), PAGE.into(), stream("", b""), FONT.into(), array])
    };
    object_streams_full_of_numbers "a.pdf" Extract ["limit-reached"] {
        let one = |number: usize| {
            let head = format!("{number} 0 ");
            let objects = [head.as_bytes(), b"[", &b"1 ".repeat(28_000_000), b"]"].concat();
            stream(&format!("/Type /ObjStm /N 1 /First {} /Filter /FlateDecode", head.len()), &deflate(&objects))
        };
        page(stream("", b""), "", &[one(100), one(101), one(102), one(103)])
    };
    one_object_under_many_numbers "a.pdf" Extract ["limit-reached"] {
        let head: String = (0..10_000).map(|number| format!("{} 0 ", 100 + number)).collect();
        let objects = [head.as_bytes(), b"[", &b"1 ".repeat(10_000), b"]"].concat();
        let entries = format!("/Type /ObjStm /N 10000 /First {} /Filter /FlateDecode", head.len());
        page(stream("", b""), "", &[stream(&entries, &deflate(&objects))])
    };
    a_table_of_ten_million_objects "a.pdf" Extract ["limit-reached"] {
        let table = deflate(&b"\x01\0\0\0\x09\0".repeat(10_000_000));
        let table = stream("/Type /XRef /Size 10000000 /W [ 1 4 1 ] /Root 1 0 R /Filter /FlateDecode", &table);
        let mut bytes = b"%PDF-1.7\n1 0 obj\n".to_vec();
        bytes.extend(table);
        bytes.extend(b"\nendobj\nstartxref\n9\n%%EOF\n");
        bytes
    };
    a_picture_just_under_the_bound "a.pdf" Extract ["ocr-layer"] scan(6_324, 6_324);
    a_picture_just_over_the_bound "a.pdf" Extract ["limit-reached" "ocr-layer"] scan(6_325, 6_325);
    a_line_of_100_mb "a.txt" Extract ["limit-reached"] "绩效自评表".repeat(7_000_000).into_bytes();
    a_line_of_blanks_and_bars "a.txt" Extract ["limit-reached"] b"| ".repeat(30_000_000);
    lines_by_the_million "a.txt" Extract ["limit-reached"] b"1\n".repeat(1_500_000);
    lines_just_under_the_bound "a.txt" Extract ["no-form"] b"1\n".repeat(300_000);
    form_feeds_by_the_million "a.txt" Extract ["limit-reached"] b"1\x0c".repeat(1_000_000);
    labels_by_the_thousand "a.txt" Extract [] "项目名称\n主管部门\n年度资金总额\n产出指标\n得分\n".repeat(5_000).into_bytes();
    pieces_that_match_every_label "a.txt" Extract [] {
        let form = "项目支出绩效自评表\n（2020年度）\n项目名称 主管部门 项目实施单位\n".to_owned();
        (form + &"产出指标 数量指标 质量指标 10 10 ≥10 得分 分值 ".repeat(2_000)).into_bytes()
    };
    columns_by_the_thousand "a.txt" Extract [] {
        let row = (0..400).map(|at| format!("{at}\t")).collect::<String>() + "\n";
        row.repeat(400).into_bytes()
    };
    keys_in_keys "a.toml" Pattern [] ("a.".repeat(120_000) + "b = 1\n").into_bytes();
    lists_in_lists "a.toml" Pattern [] ("id = ".to_owned() + &"[".repeat(250_000)).into_bytes();
    a_pattern_made_to_be_slow "a.toml" Pattern [] {
        let mut text = fs::read_to_string("patterns/mof-project.toml").unwrap();
        let slow: String = (0..200).map(|at| format!("[[furniture]]\nline = '(.*.*.*){{1,9}}{at}'\n")).collect();
        text.push_str(&slow);
        text.into_bytes()
    };
}

const CATALOG: &str = "<< /Type /Catalog /Pages 2 0 R >>";
const PAGES: &str = "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>";
const PAGE: &str = "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] /Contents 4 0 R \
    /Resources << /Font << /F1 5 0 R >> >> >>";

const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

/// A page that is a blank picture of so many pixels, with a layer of text behind it.
fn scan(width: usize, height: usize) -> Vec<u8> {
    let entries = format!(
        "/Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
    );
    let picture = stream(&entries, &deflate(&vec![0xff; width * height]));
    let content = b"q 200 0 0 100 0 0 cm /X Do Q BT 3 Tr /F1 9 Tf (95%) Tj ET";
    page(stream("", content), "/XObject << /X 6 0 R >>", &[picture])
}

/// The page tree of `count` pages, objects 6 and those after, each with the content of object 4.
fn many_pages(count: usize, content: Vec<u8>) -> Vec<u8> {
    let kids: String = (0..count).map(|at| format!("{} 0 R ", 6 + at)).collect();
    let pages = format!("<< /Type /Pages /Kids [ {kids} ] /Count {count} >>");
    let mut objects = vec![CATALOG.into(), pages.into(), "null".into(), content, FONT.into()];
    objects.extend((0..count).map(|_| PAGE.into()));
    pdf(&objects)
}

/// A PDF of numbered objects, with a table of them.
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{number} 0 obj\n").into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let (start, size) = (bytes.len(), objects.len() + 1);
    bytes.extend(format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    bytes
}

/// A page with this content and more resources; `others` are the objects from 6 on.
fn page(content: Vec<u8>, resources: &str, others: &[Vec<u8>]) -> Vec<u8> {
    let page = PAGE.replace("/Resources <<", &format!("/Resources << {resources}"));
    let mut objects = vec![CATALOG.into(), PAGES.into(), page.into(), content, FONT.into()];
    objects.extend(others.iter().cloned());
    pdf(&objects)
}

/// A JPEG 2000 of 60 000 by 60 000 pixels.
const JPEG_2000: &[u8] = b"\xff\x4f\xff\x51\0\x29\0\0\0\0\xea\x60\0\0\xea\x60\0\0\0\0\0\0\0\0\0\0\xea\x60\0\0\xea\x60\
    \0\0\0\0\0\0\0\0\0\x01\x07\x01\x01\xff\x52\0\x0c\0\0\0\x01\0\x05\x04\x04\0\x01\xff\x5c\0\x13\x40\x40\x48\x48\x50\x48\x48\
    \x50\x48\x48\x50\x48\x48\x50\x48\x48\x50\xff\x90\0\x0a\0\0\0\0\0\0\0\x01\xff\x93\xff\xd9";

/// A page that a picture covers, with text behind it; the picture is black and white unless `entries` say otherwise.
fn picture(width: usize, height: usize, entries: &str, data: &[u8]) -> Vec<u8> {
    picture_with(width, height, entries, data, &[])
}

/// The same with more objects, from 7 on.
fn picture_with(width: usize, height: usize, entries: &str, data: &[u8], others: &[Vec<u8>]) -> Vec<u8> {
    let entries = format!(
        "/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray /BitsPerComponent 1 {entries}"
    );
    let content = stream("", b"q 200 0 0 100 0 0 cm /I Do Q BT 3 Tr /F1 9 Tf 10 40 Td (hidden text here) Tj ET");
    let mut objects = vec![stream(&entries, data)];
    objects.extend(others.iter().cloned());
    page(content, "/XObject << /I 6 0 R >>", &objects)
}

/// A page that shows a character in a font with more entries.
fn font(entries: &str, others: &[Vec<u8>]) -> Vec<u8> {
    let font = format!(
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H {entries} /DescendantFonts [ << /Type /Font \
         /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >> ] >>"
    );
    let mut objects =
        vec![CATALOG.into(), PAGES.into(), PAGE.into(), stream("", b"BT /F1 9 Tf <4E00> Tj ET"), font.into()];
    objects.extend(others.iter().cloned());
    pdf(&objects)
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< /Length {} {entries} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// How a run ended.
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
    seconds: f64,
    /// The greatest memory that it was seen to have, in MiB; Linux only.
    peak: f64,
}

fn run(bomb: &Bomb, folder: &Path) -> Run {
    let path = folder.join(bomb.file);
    fs::write(&path, (bomb.make)()).unwrap();
    let args: Vec<PathBuf> = match bomb.reader {
        Reader::Extract => vec!["extract".into(), "--lang".into(), "en".into(), path],
        Reader::Pattern => {
            let sample = "samples/families/mof-codes.bars.txt";
            vec!["extract".into(), "--lang".into(), "en".into(), sample.into(), "--patterns".into(), folder.to_owned()]
        }
    };
    let (out, err) = (folder.join("stdout"), folder.join("stderr"));
    let script = format!("ulimit -v {MEMORY}; ulimit -c 0; exec \"$0\" \"$@\"");
    let start = Instant::now();
    let mut child = Command::new("/bin/sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_retally")])
        .args(args)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&out).unwrap())
        .stderr(fs::File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let mut peak = 0.0_f64;
    let status = loop {
        if let Ok(about) = fs::read_to_string(format!("/proc/{}/status", child.id())) {
            let kib =
                about.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            peak = kib.map_or(peak, |kib: f64| peak.max(kib / 1024.0));
        }
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let seconds = start.elapsed().as_secs_f64();
    let [stdout, stderr] = [out, err].map(|path| String::from_utf8(fs::read(path).unwrap()).unwrap());
    Run { code: status.code(), stdout, stderr, seconds, peak }
}

/// The status of the record and the codes of its problems.
fn outcome(run: &Run) -> (String, BTreeSet<String>) {
    let record: Value = serde_json::from_str(&run.stdout).unwrap();
    let codes =
        record["problems"].as_array().unwrap().iter().map(|problem| problem["code"].as_str().unwrap().to_owned());
    (record["status"].as_str().unwrap().to_owned(), codes.collect())
}

fn check(name: &str) {
    let bomb = BOMBS.iter().find(|bomb| bomb.name == name).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let run = run(bomb, folder.path());
    assert!(matches!(run.code, Some(0 | 2)), "{name}: {:?}: {}", run.code, run.stderr);
    if let (Reader::Pattern, Some(2)) = (bomb.reader, run.code) {
        assert!(run.stderr.contains(bomb.file), "{name}: {}", run.stderr);
        return;
    }
    let (status, codes) = outcome(&run);
    assert!(status == "ok" || !codes.is_empty(), "{name}: {status}, and nothing is said");
    for code in bomb.codes {
        assert!(codes.contains(*code), "{name}: {code} is not in {codes:?}: {}", run.stderr);
    }
}

#[test]
#[ignore = "prints what the other tests take"]
fn table() {
    println!("| file | bytes | seconds | peak MiB | comes out as |");
    println!("| --- | ---: | ---: | ---: | --- |");
    for bomb in BOMBS {
        let folder = tempfile::tempdir().unwrap();
        let run = run(bomb, folder.path());
        let bytes = fs::metadata(folder.path().join(bomb.file)).unwrap().len();
        let came = match run.code {
            Some(0 | 2) if !run.stdout.is_empty() => {
                let (status, codes) = outcome(&run);
                format!("{status} {}", codes.into_iter().collect::<Vec<_>>().join(" "))
            }
            code => format!("exit {code:?}: {}", run.stderr.lines().next().unwrap_or_default()),
        };
        let (seconds, peak) = (run.seconds, run.peak);
        println!("| {} | {bytes} | {seconds:.2} | {peak:.0} | {came} |", bomb.name.replace('_', " "));
    }
}
