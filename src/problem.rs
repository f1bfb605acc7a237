//! Problems: what was lost or is doubtful in a document, each with a code, a place and a remedy. [`manual`] explains the
//! codes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::message::{Lang, Message};

pub mod manual;

/// One thing that was lost or is doubtful.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem it is.
    pub code: Code,
    /// 1-based page, where it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// 1-based line, where it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// 0-based number of the form, where it concerns one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<usize>,
    /// What happened and what can be done, in the language asked for.
    pub message: String,
    /// Both wordings, until the language is chosen.
    #[serde(skip)]
    pub words: Message,
}

impl Problem {
    /// A problem of the whole document.
    pub fn new(code: Code, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let words = Message::new(zh, en);
        let message = words.en.clone();
        Problem { code, page: None, line: None, form: None, message, words }
    }

    /// The same, placed on a page.
    pub fn on_page(mut self, page: u32) -> Self {
        self.page = Some(page);
        self
    }

    /// The same, placed on a line.
    pub fn on_line(mut self, line: u32) -> Self {
        self.line = Some(line);
        self
    }

    /// The same, placed in a form.
    pub fn in_form(mut self, form: usize) -> Self {
        self.form = Some(form);
        self
    }

    /// The same, worded in `lang`.
    pub fn worded(mut self, lang: Lang) -> Self {
        self.message = self.words.get(lang).to_owned();
        self
    }
}

/// What kind of problem it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Code {
    /// The file could not be opened or read.
    Unreadable,
    /// The input has no bytes, or nothing but blanks.
    Empty,
    /// The bytes are neither a PDF nor text in a known encoding.
    NotText,
    /// Some bytes do not fit the encoding; they came out as U+FFFD.
    SuspectEncoding,
    /// The input is larger than a limit allows.
    TooLarge,
    /// A limit stopped the reading of a page or document.
    LimitReached,
    /// The process that read the document ended unexpectedly.
    ReaderDied,
    /// The PDF is damaged; what could be read came out.
    DamagedPdf,
    /// The PDF needs a password.
    PasswordNeeded,
    /// A page has no text, only a picture.
    NoTextLayer,
    /// The text of a page is a layer that OCR made; it may be misread.
    OcrLayer,
    /// A page has text that is not to be seen on it.
    HiddenText,
    /// A page has characters that no table decodes; they came out as U+FFFD.
    Undecodable,
    /// No form that a pattern knows was found.
    NoForm,
    /// A form that only looks like those that are wanted: a declaration of targets, a monitoring form. It is not read.
    OtherForm,
    /// No pattern fits a form well; it was read by the nearest.
    PoorFit,
    /// A form begins or ends in the middle, or lacks a required part.
    IncompleteForm,
    /// Text of a form that no label or value claims.
    UnmatchedText,
    /// A value does not read as its type.
    UnreadableValue,
    /// A value was chosen with the help of arithmetic. No reader of this version does so.
    InferredValue,
    /// A second reader of the document reads a figure otherwise.
    ReadersDiffer,
    /// A second reader was asked for and could not read a page, so that its figures were not compared.
    NotReadTwice,
    /// A value could be another: the second-best reading is nearly as good.
    DoubtfulValue,
}

impl Code {
    /// Every code, in the order in which a document is read.
    pub const ALL: [Code; 23] = [
        Code::Unreadable,
        Code::Empty,
        Code::NotText,
        Code::SuspectEncoding,
        Code::TooLarge,
        Code::LimitReached,
        Code::ReaderDied,
        Code::DamagedPdf,
        Code::PasswordNeeded,
        Code::NoTextLayer,
        Code::OcrLayer,
        Code::HiddenText,
        Code::Undecodable,
        Code::NoForm,
        Code::OtherForm,
        Code::PoorFit,
        Code::IncompleteForm,
        Code::UnmatchedText,
        Code::UnreadableValue,
        Code::InferredValue,
        Code::ReadersDiffer,
        Code::NotReadTwice,
        Code::DoubtfulValue,
    ];

    /// The code as it stands in a record: `no-text-layer`.
    pub fn id(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(id)) => id,
            _ => String::new(),
        }
    }
}
