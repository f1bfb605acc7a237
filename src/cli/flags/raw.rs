//! Arguments as they were typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use retally::message::Lang;
use retally::record::Severity;
use serde::{Deserialize, Serialize};

use crate::cli::batch::args::Batch;
use crate::cli::version::VERSION;

/// What follows the options in the help of the whole program.
const AFTER: &str = "\
Exit codes / 退出码:
  0  all is well / 一切正常
  1  the audit, or the check of a pattern, has findings / 核对发现问题
  2  an input could not be read, or the arguments are wrong / 有文件无法读取，或参数有误
  130  a batch was stopped with Ctrl-C; the same command goes on / 批量读取被中断，可用同一命令继续

Results go to standard output, everything else to standard error.
结果写到标准输出，其余信息写到标准错误。";

/// Rebuilds the broken tables of budget self-evaluation forms and re-checks every stated score and rate.
///
/// 还原绩效自评表的表格，并逐一核对表中填写的得分和比率。
#[derive(Debug, Parser)]
#[command(name = "retally", version = VERSION, propagate_version = true, after_help = AFTER)]
pub(crate) struct Raw {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// Options of every subcommand.
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options of every subcommand.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Language of messages and reports; that of the locale by default / 信息的语言
    #[arg(long, global = true, value_name = "LANG")]
    pub(crate) lang: Option<Language>,
    /// When to colour; `auto` keeps to NO_COLOR, `always` does not / 何时使用颜色；auto 遵从 NO_COLOR，always 不管它
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Colour,
    /// Say nothing beside the results, and of an audit the summaries alone / 只输出结果
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say what is being done / 说明正在做什么
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
}

/// A language, as typed.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
pub(crate) enum Language {
    /// Chinese / 中文
    Zh,
    /// English / 英文
    En,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::Zh => Language::Zh,
            Lang::En => Language::En,
        }
    }
}

impl From<Language> for Lang {
    fn from(language: Language) -> Lang {
        match language {
            Language::Zh => Lang::Zh,
            Language::En => Lang::En,
        }
    }
}

/// When colours are used.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal / 输出到终端时
    Auto,
    /// Always / 总是
    Always,
    /// Never / 从不
    Never,
}

/// A subcommand.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print each document's forms as JSON, one object a document / 将表格提取为 JSON
    Extract {
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        policy: Policy,
        /// How to write the records / 输出格式
        #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
        format: Format,
        /// Write to this file instead of standard output / 写到文件
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// Indent the JSON, as on a terminal / 缩进 JSON
        #[arg(long)]
        pretty: bool,
        /// Leave out the checks / 不核对
        #[arg(long)]
        no_audit: bool,
    },
    /// Re-check every stated score and rate, and show what does not agree / 核对得分和比率
    Audit {
        #[command(flatten)]
        reading: Reading,
        #[command(flatten)]
        policy: Policy,
        /// How to write the findings; for people without it / 输出格式，默认为阅读格式
        #[arg(long, value_name = "FORMAT")]
        format: Option<Format>,
        /// Write to this file instead of standard output / 写到文件
        #[arg(long, short, value_name = "FILE", requires = "format")]
        output: Option<PathBuf>,
        /// Show consistent and unverifiable checks too / 同时显示一致的和无法核对的项目
        #[arg(long)]
        all: bool,
        /// Show only how many findings there are, by check and by unit / 只显示按检查项目、按单位的汇总
        #[arg(long, conflicts_with = "all")]
        summary: bool,
        /// Exit with 1 when a finding is at least so severe / 达到此严重程度时退出码为 1
        #[arg(long, value_name = "SEVERITY", default_value = "error")]
        fail_on: FailOn,
        /// File of findings that are known and accepted: only new ones are shown and fail the run / 已接受的结果
        #[arg(long, value_name = "FILE")]
        baseline: Option<PathBuf>,
        /// Write all findings of this run to a file that --baseline takes / 将本次结果写成该文件
        #[arg(long, value_name = "FILE")]
        write_baseline: Option<PathBuf>,
    },
    /// Say why each value is what it is: its label, how it was placed, what it could have been / 说明每个值的由来
    Explain {
        #[command(flatten)]
        input: Input,
        #[command(flatten)]
        library: Library,
        /// Read forms by this pattern alone / 只用此表样
        #[arg(long, value_name = "ID")]
        pattern: Option<String>,
        /// Only the form with this number, from 1 / 只说明第几张表
        #[arg(long, value_name = "N")]
        form: Option<NonZeroUsize>,
        /// Only these values: unit, budget, budget[0].score, score / 只说明这些值
        #[arg(long, value_name = "ID")]
        field: Option<String>,
        /// How to write it / 输出格式
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: ExplainFormat,
        /// Indent the JSON, as on a terminal / 缩进 JSON
        #[arg(long)]
        pretty: bool,
    },
    /// Print every table of each document, whatever it is about / 输出文件中的所有表格
    Tables {
        #[command(flatten)]
        input: Input,
        /// JSON by default, CSV with --out / 输出格式
        #[arg(long, value_name = "FORMAT")]
        format: Option<TableFormat>,
        /// Write files to this folder: CSV one a table, others one a document / 写入此文件夹
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Indent the JSON, as on a terminal / 缩进 JSON
        #[arg(long)]
        pretty: bool,
    },
    /// Print the text of each document as it was read / 输出读到的文字
    Text {
        #[command(flatten)]
        input: Input,
    },
    /// Read an archive, so that it can be stopped and gone on with; results in a ledger / 批量读取，可中断、可继续
    Batch(Box<Batch>),
    /// Read documents for a batch, one message after another from standard input.
    #[command(hide = true)]
    BatchReader,
    /// Read a PDF from standard input as the second reader does, one line a page.
    #[command(hide = true)]
    SecondReader,
    /// List the checks, or print the manual page of one / 列出检查项目，或显示某一项的说明
    Checks {
        /// Id of the check, such as budget.score / 检查的 id
        id: Option<String>,
    },
    /// List the codes of problems, or say what one means and what can be done / 列出问题代码，或说明某一个的原因和处理
    ExplainProblem {
        /// Code of the problem, such as no-text-layer / 问题代码
        code: Option<String>,
    },
    /// Print the JSON Schema of what `extract` prints / 输出 JSON 的模式
    Schema,
    /// Say what a report of a bug needs: version, patterns, limits, language, terminal / 显示版本、表样、上限、语言和终端
    Doctor {
        #[command(flatten)]
        library: Library,
        /// For people by default / 输出格式，默认为阅读格式
        #[arg(long, value_name = "FORMAT")]
        format: Option<DoctorFormat>,
    },
    /// Print the script by which a shell completes the arguments / 输出命令行补全脚本
    Completions {
        /// The shell / 所用的 shell
        shell: Shell,
    },
    /// Print the manual page, or write that of each command to a folder / 输出手册页
    Man {
        /// Write a page a command to this folder / 每个命令一页，写入此文件夹
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// List, show or check the patterns that forms are recognised by / 查看或检查表样
    #[command(subcommand)]
    Patterns(Patterns),
}

/// A format of what `doctor` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    /// For programs / 供程序使用
    Json,
}

/// A format of explanations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// In words / 文字
    Text,
    /// One object a document / 每个文件一个 JSON 对象
    Json,
}

/// A format of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TableFormat {
    /// Cells with spans and boxes / 单元格，含合并范围和位置
    Json,
    /// For spreadsheets / 供电子表格使用
    Csv,
    /// For the eye / 供阅读
    Md,
}

/// What to read, and how.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct Input {
    /// PDF or text files, folders of them, or - for standard input / 文件、文件夹或 -
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Encoding of text files, such as gb18030; told from the bytes by default / 文本的编码
    #[arg(long, value_name = "LABEL")]
    pub(crate) encoding: Option<String>,
    /// Password of encrypted PDF files / 加密 PDF 的密码
    #[arg(long, value_name = "PASSWORD")]
    pub(crate) password: Option<String>,
    /// Bounds on what is read.
    #[command(flatten)]
    pub(crate) bounds: Bounds,
}

/// Bounds on what is read, where those that are built in do not fit.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct Bounds {
    /// Larger files are not read; 256 by default / 文件大小上限
    #[arg(long, value_name = "MIB", value_parser = number::<NonZeroUsize>)]
    pub(crate) max_size: Option<NonZeroUsize>,
    /// Pages after so many are not read; 5000 by default / 页数上限
    #[arg(long, value_name = "PAGES", value_parser = number::<NonZeroUsize>)]
    pub(crate) max_pages: Option<NonZeroUsize>,
    /// Of a PDF page so many characters are read; 100000 by default / 每页字符上限
    #[arg(long, value_name = "COUNT", value_parser = number::<NonZeroUsize>)]
    pub(crate) max_glyphs: Option<NonZeroUsize>,
    /// A stream of a PDF that unpacks to more is left out; 64 by default / 数据流解压上限
    #[arg(long, value_name = "MIB", value_parser = number::<NonZeroUsize>)]
    pub(crate) max_stream: Option<NonZeroUsize>,
}

/// A whole number from 1 on, as typed.
pub(crate) fn number<N: FromStr>(text: &str) -> Result<N, &'static str> {
    text.parse().map_err(|_| "a whole number from 1 on, not too large / 应为不太大的正整数")
}

/// What to read, how, and by which patterns.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct Reading {
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) library: Library,
    /// Have a second program read PDF files too, and say where its figures differ / 由另一程序复读并比较数字
    #[arg(long)]
    pub(crate) double_read: bool,
    /// Read forms by this pattern alone / 只用此表样
    #[arg(long, value_name = "ID")]
    pub(crate) pattern: Option<String>,
}

/// Which checks are made, and by which rules.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct Policy {
    /// Make only these checks: ids or families, budget.rate,indicator / 只做这些检查
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// Leave these checks out / 不做这些检查
    #[arg(long, value_name = "CHECK", value_delimiter = ',')]
    pub(crate) skip: Vec<String>,
    /// File of scoring rules that go before those of the patterns / 规则文件，优先于表样的规则
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
}

/// How results are written for machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// All records in one JSON array / 一个 JSON 数组
    Json,
    /// A JSON object a document and line / 每个文件一行 JSON
    Ndjson,
    /// Findings as SARIF 2.1.0, for code and document review tools / 供审阅工具使用
    Sarif,
    /// Findings, or values, as CSV for spreadsheets / 表格软件可打开的 CSV
    Csv,
    /// A workbook with sheets for forms, budget, indicators and findings / Excel 工作簿
    Xlsx,
}

/// Which patterns there are.
#[derive(Debug, Args, Serialize, Deserialize)]
pub(crate) struct Library {
    /// Folder of *.toml patterns to add to the built-in ones; the same id overrides / 另加的表样文件夹
    #[arg(long, value_name = "DIR")]
    pub(crate) patterns: Option<PathBuf>,
}

/// What to do with patterns.
#[derive(Debug, Subcommand)]
pub(crate) enum Patterns {
    /// List the patterns: id and name / 列出表样
    List {
        #[command(flatten)]
        library: Library,
    },
    /// Show what a pattern knows of a form: its parts, labels, and rules with their sources / 显示表样的内容
    Show {
        /// Id of the pattern / 表样的 id
        id: String,
        #[command(flatten)]
        library: Library,
    },
    /// Check pattern files, and show every mistake in its place / 检查表样文件
    Check {
        /// Pattern files, folders of them, or - for standard input / 文件、文件夹或 -
        #[arg(required = true, value_name = "FILE")]
        paths: Vec<PathBuf>,
    },
    /// Draft a pattern from samples of a new family, to be gone over by hand / 根据样本起草新的表样
    New {
        /// Samples, best two or more that were filled in differently / 样本，最好两份以上
        #[arg(long, required = true, num_args = 1.., value_name = "FILE")]
        from: Vec<PathBuf>,
        /// Id of the pattern: lower-case letters, digits and - / 表样的 id
        #[arg(long, value_name = "ID", default_value = "my-form")]
        id: String,
        /// Its name in Chinese; the title of the first sample by default / 中文名称
        #[arg(long, value_name = "NAME")]
        zh: Option<String>,
        /// Its name in English; the title of the first sample by default / 英文名称
        #[arg(long, value_name = "NAME")]
        en: Option<String>,
        /// Write to this file instead of standard output / 写到文件
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Print the JSON Schema of a pattern file, for editors / 输出表样文件的 JSON 模式，供编辑器使用
    Schema,
    /// Read documents that have their record beside them, form.pdf and form.expected.json, and show what differs
    /// / 用旁边的记录核对读出的结果
    Test {
        /// Documents, or folders of them / 文件或文件夹
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        #[command(flatten)]
        library: Library,
    },
}

/// From which severity on a finding fails the run.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum FailOn {
    /// Errors / 错误
    Error,
    /// Warnings and errors / 警告和错误
    Warning,
    /// Every finding / 任何发现
    Info,
    /// No finding / 从不
    Never,
}

impl FailOn {
    /// The least severity that fails the run; `None` when none does.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Error => Some(Severity::Error),
            FailOn::Warning => Some(Severity::Warning),
            FailOn::Info => Some(Severity::Info),
            FailOn::Never => None,
        }
    }
}
