//! The manual of problems: what each code means, how it comes about, and what can be done.

use super::Code;
use crate::message::Message;

/// What a code is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// The code.
    pub code: Code,
    /// What it means, in a line.
    pub title: Message,
    /// How it comes about.
    pub cause: Message,
    /// What can be done.
    pub remedy: Message,
}

/// Every page, in the order in which a document is read.
pub fn pages() -> impl Iterator<Item = Page> {
    Code::ALL.into_iter().map(page)
}

/// The page of the code called `id`.
pub fn find(id: &str) -> Option<Page> {
    Code::ALL.into_iter().find(|code| code.id() == id).map(page)
}

/// The page of `code`. A code without one does not compile.
pub fn page(code: Code) -> Page {
    let [title, cause, remedy] = words(code).map(|(zh, en)| Message::new(zh, en));
    Page { code, title, cause, remedy }
}

/// Title, cause and remedy, Chinese first.
fn words(code: Code) -> [(&'static str, &'static str); 3] {
    match code {
        Code::Unreadable => [
            ("无法打开或读取文件", "The file could not be opened or read"),
            (
                "路径写错、没有读取权限，文件夹或 ZIP 文件中没有可读的文件，或者路径是管道而不是文件。",
                "The path is wrong, the permission to read is missing, a folder or ZIP file has no file to read, or \
                 the path is that of a pipe.",
            ),
            (
                "检查路径和权限；用其他程序打开该文件；重新下载或重新导出。",
                "Check the path and the permissions, try another program on the file, or fetch or export it again.",
            ),
        ],
        Code::Empty => [
            ("输入是空的，或只有空白", "The input has no bytes, or nothing but blanks"),
            (
                "下载或导出中断，或者导出工具没有读到文字，例如扫描件。",
                "A download or export broke off, or the tool that made the text found none, as in a scan.",
            ),
            ("重新下载或导出；有 PDF 时直接读取 PDF。", "Fetch or export it again; where there is a PDF, give that."),
        ],
        Code::NotText => [
            ("既不是 PDF，也不是已知编码的文本", "Neither a PDF nor text in a known encoding"),
            (
                "文件是 Office、WPS、OFD、图片、压缩包或其他二进制文件，扩展名不作数。",
                "The file is one of Office, WPS or OFD, a picture, an archive or other binary data, whatever its name says.",
            ),
            (
                "另存为 PDF，例如 soffice --convert-to pdf；压缩包先解压；图片先做文字识别。",
                "Save it as PDF, for example with soffice --convert-to pdf; unpack archives; run OCR on pictures.",
            ),
        ],
        Code::SuspectEncoding => [
            ("有字节不符合编码，记作 U+FFFD", "Some bytes do not fit the encoding and stand as U+FFFD"),
            (
                "编码判断有误、文本被截断或几种编码混在一起，或者 --encoding 给出的名称不存在。",
                "The encoding was told wrongly, the text was cut or is of several encodings, or --encoding names none.",
            ),
            (
                "用 --encoding 指定编码；否则重新导出文本。",
                "Name the encoding with --encoding; else export the text again.",
            ),
        ],
        Code::TooLarge => [
            ("输入或其中的数据流超过上限", "The input, or a stream in it, is larger than a limit allows"),
            (
                "文件超过 --max-size，或者 PDF 的数据流解压后超过 --max-stream；后者可能是恶意文件。",
                "The file is larger than --max-size, or a stream of a PDF unpacks to more than --max-stream, as in a file made \
                 to exhaust its reader.",
            ),
            ("拆分文件；来源可靠时提高该上限。", "Split the file; where its source is trusted, raise the limit."),
        ],
        Code::LimitReached => [
            ("达到上限，其余内容没有读取", "A limit stopped the reading; the rest was not read"),
            (
                "页数，PDF 的对象数，一页的字符、表线、绘图操作、内容或图片像素，文本的行数或行长，批量读取的时间或内存，超过了上限。",
                "Pages, the objects of a PDF, the characters, rulings, drawing operations, content or pixels of a page, the \
                 lines of a text or the length of one, or the time or memory of a batch went beyond a bound.",
            ),
            (
                "信息中写明了哪一个上限：拆分文件，或提高 --max-pages、--max-glyphs、--timeout、--max-memory。",
                "The message names the bound: split the file, or raise --max-pages, --max-glyphs, --timeout or --max-memory.",
            ),
        ],
        Code::ReaderDied => [
            ("读取该文件的进程意外终止", "The process that read the document ended unexpectedly"),
            (
                "程序有缺陷，或系统终止了进程。批量读取中的其他文件不受影响。",
                "A defect of the program, or the system ended the process. Other documents of the batch are not touched.",
            ),
            (
                "用 --retry failed 重试；再次发生时请附上 retally doctor 的输出报告。",
                "Try again with --retry failed; when it comes back, report it with what `retally doctor` prints.",
            ),
        ],
        Code::DamagedPdf => [
            ("PDF 已损坏，能读的部分已读出", "The PDF is damaged; what could be read came out"),
            (
                "下载中断、文件被截断或改动，或生成它的程序写得不合规范。状态为 failed 时一页也没有找到。",
                "A download broke off, the file was cut or changed, or the program that wrote it breaks the standard. Where the \
                 status is `failed`, not a page was found.",
            ),
            (
                "核对页数和表格；重新下载，或另行打印为 PDF。",
                "Check pages and forms; fetch it again, or print it to a new PDF.",
            ),
        ],
        Code::PasswordNeeded => [
            ("需要密码", "A password is needed"),
            (
                "PDF 或 ZIP 中的文件已加密，没有给出密码或密码不对。",
                "The PDF, or the file in a ZIP, is encrypted, and no password was given or a wrong one.",
            ),
            ("PDF 用 --password；ZIP 先解压。", "Give that of a PDF with --password; unpack a ZIP first."),
        ],
        Code::NoTextLayer => [
            ("页面没有文字，只有图片", "A page has no text, only a picture"),
            ("该页是扫描件。程序不做文字识别。", "The page is a scan. The program does no character recognition."),
            ("先做文字识别（OCR），再读取带文字层的 PDF。", "Run OCR on it and give the PDF with its text layer."),
        ],
        Code::OcrLayer => [
            ("页面文字来自文字识别，可能有误", "The text of a page is a layer that OCR made"),
            (
                "图片后面有看不见的文字。这些值标有 invisible，置信度较低。",
                "Text that is not to be seen lies behind a picture. Its values are marked `invisible`, with less confidence.",
            ),
            ("对照图片核对数字。", "Compare the figures with the picture."),
        ],
        Code::HiddenText => [
            ("页面有看不见的文字", "A page has text that is not to be seen on it"),
            (
                "文字与背景同色、被图片盖住或没有着墨。读到的内容可能与纸面不同。",
                "Text is drawn in the colour of its ground, under a picture, or without ink. What is read may differ from what \
                 is seen.",
            ),
            ("对照页面核对标有 invisible 的值。", "Compare the values that are marked `invisible` with the page."),
        ],
        Code::Undecodable => [
            ("有字符无法解码，记作 U+FFFD", "Some characters cannot be decoded and stand as U+FFFD"),
            (
                "字体没有给出从字形到字符的对照。",
                "A font has no table that tells which characters its glyphs stand for.",
            ),
            ("从原文件重新导出 PDF，或改用文字识别（OCR）。", "Export the PDF again from its source, or use OCR."),
        ],
        Code::NoForm => [
            ("没有找到认识的表格", "No form that a pattern knows was found"),
            (
                "文件中没有绩效自评表，或其格式不在已有表样之列。",
                "The document has no self-evaluation form, or one of a family that no pattern describes.",
            ),
            (
                "retally patterns list 列出已有表样；用 --patterns 添加。",
                "`retally patterns list` tells the families that are known; add others with --patterns.",
            ),
        ],
        Code::OtherForm => [
            ("形似自评表的其他表格，没有读取", "A form that only looks like those that are wanted; it is not read"),
            (
                "绩效目标申报表、运行监控表等与自评表的用语相同。",
                "Declarations of targets, monitoring forms and the like use the words of self-evaluations.",
            ),
            ("一般无需处理。", "Mostly there is nothing to do."),
        ],
        Code::PoorFit => [
            ("没有合适的表样，按最接近的读取", "No pattern fits a form well; it was read by the nearest"),
            ("表格的格式与已有表样有出入。", "The form differs from the families that are known."),
            (
                "核对结果；可用 --pattern 指定，或用 --patterns 添加表样。",
                "Check the result; name a pattern with --pattern, or add one with --patterns.",
            ),
        ],
        Code::IncompleteForm => [
            ("表格不完整", "A form begins or ends in the middle, or lacks a part"),
            ("文件被截断，或表格本来就没有该部分。", "The document was cut, or the form was made without the part."),
            ("核对文件是否完整。", "Check that the document is whole."),
        ],
        Code::UnmatchedText => [
            ("表格中有文字没有归属", "Text of a form that no label or value claims"),
            (
                "文本丢失了版面，或表格有表样不认识的部分。文字没有丢失，列在 unmatched。",
                "A text has lost its layout, or the form has a part that the pattern does not know. Nothing is lost: the text is \
                 in `unmatched`.",
            ),
            ("查看 unmatched；有 PDF 时直接读取 PDF。", "Look at `unmatched`; where there is a PDF, give that."),
        ],
        Code::UnreadableValue => [
            ("值不能按其类型读出", "A value does not read as its type"),
            (
                "该处应为数字或日期，却写了别的内容。原文在 raw，value 为 null。",
                "Where a figure or date belongs something else is written. `raw` has the text, `value` is null.",
            ),
            ("对照原文核对。", "Compare with the document."),
        ],
        Code::InferredValue => [
            ("值是借助计算选定的", "A value was chosen with the help of arithmetic"),
            (
                "几个数字连写在一起，只有一种拆法算得通。依赖它的检查为 unverifiable。这一版不这样选值，不会给出此代码。",
                "Figures ran together, and one way to part them comes out. Checks that rest on it are `unverifiable`. This version \
                 chooses no value so, and never gives this code.",
            ),
            ("对照原文核对。", "Compare with the document."),
        ],
        Code::ReadersDiffer => [
            ("另一程序读出的数字不同", "A second reader reads a figure otherwise"),
            (
                "用了 --double-read，两个程序对同一数字的读法不一，例如字体的编码对照有误。",
                "With --double-read, two programs read a figure differently, as where a font's table is wrong.",
            ),
            ("对照页面核对该数字。", "Compare the figure with the page."),
        ],
        Code::NotReadTwice => [
            ("有页面未能由另一程序复读", "A page could not be read by the second reader"),
            (
                "用了 --double-read，而另一程序不能读取该页，其数字没有比较。",
                "With --double-read, the second program could not read the page, so that its figures were not compared.",
            ),
            ("对照页面核对数字。", "Compare the figures with the page."),
        ],
        Code::DoubtfulValue => [
            ("值的归属存疑", "A value could be another"),
            (
                "次优的读法几乎同样合适，常见于丢失了版面的文本。",
                "The second-best reading is nearly as good, as in texts that have lost their layout.",
            ),
            ("对照原文核对；有 PDF 时直接读取 PDF。", "Compare with the document; where there is a PDF, give that."),
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_code_of_the_schema_has_a_page() {
        let schema = schemars::schema_for!(Code).to_value();
        let variants = schema["oneOf"].as_array().unwrap();
        let of_schema: BTreeSet<&str> = variants.iter().filter_map(|variant| variant["const"].as_str()).collect();
        let of_manual: BTreeSet<String> = pages().map(|page| page.code.id()).collect();
        assert!(of_schema.len() > 20, "{schema}");
        assert_eq!(of_schema, of_manual.iter().map(String::as_str).collect());
        assert_eq!(Code::ALL.len(), of_manual.len());
    }

    #[test]
    fn every_page_says_something_in_both_languages() {
        for Page { code, title, cause, remedy } in pages() {
            for words in [&title, &cause, &remedy] {
                assert!(!words.en.is_empty() && words.en.is_ascii(), "{code:?}: {}", words.en);
                assert!(!words.zh.is_ascii(), "{code:?}: {}", words.zh);
            }
        }
    }

    #[test]
    fn a_page_is_found_by_its_code() {
        assert_eq!(find("no-text-layer").unwrap().code, Code::NoTextLayer);
        assert_eq!(find("NoTextLayer"), None);
    }
}
