//! Arguments of `retally batch` as they were typed.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use retally::batch::Shard;

use crate::cli::flags::raw::{Format, Policy, Reading, number};

/// Readers at a time. Each is a process: a slip of the finger must not take all that the system has.
const JOBS: usize = 1024;

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    let jobs = text.parse().ok().filter(|jobs: &NonZeroUsize| jobs.get() <= JOBS);
    jobs.ok_or_else(|| format!("a whole number from 1 to {JOBS} / 应为 1 到 {JOBS} 的整数"))
}

/// What to do with an archive and its ledger.
#[derive(Debug, Args)]
#[command(subcommand_negates_reqs = true)]
pub(crate) struct Batch {
    /// What to do with ledgers that there are.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) reading: Reading,
    #[command(flatten)]
    pub(crate) policy: Policy,
    /// SQLite file of what came of each document; made where there is none, gone on with where there is / 台账文件
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) ledger: Option<PathBuf>,
    /// Documents that are read at a time; as many as there are processors by default / 同时读取的文件数
    #[arg(long, short, value_name = "N", value_parser = jobs)]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Write the records to this file when all are read, in the order of the inputs / 全部读完后写出结果
    #[arg(long, short, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// How to write the records / 输出格式
    #[arg(long, value_name = "FORMAT", default_value = "ndjson", requires = "out")]
    pub(crate) format: Format,
    /// Replace a file --out that was not written from this ledger, or although a source is missing / 覆盖已有的输出文件
    #[arg(long, requires = "out")]
    pub(crate) overwrite: bool,
    /// Seconds after which a document is given up / 每个文件的时限
    #[arg(long, value_name = "SECONDS", value_parser = number::<NonZeroU64>, default_value = "300")]
    pub(crate) timeout: NonZeroU64,
    /// Memory that reading one document may take, on Linux and other unixes / 每个文件的内存上限
    #[arg(long, value_name = "MIB", value_parser = number::<NonZeroU64>, default_value = "2048")]
    pub(crate) max_memory: NonZeroU64,
    /// Read documents again that failed / 重新读取失败的文件
    #[arg(long, value_name = "WHICH")]
    pub(crate) retry: Option<Retry>,
    /// Read documents again that were read by another program version, other patterns or options / 表样或程序变化后重新读取
    #[arg(long)]
    pub(crate) changed: bool,
    /// Take the documents of one share of N only, told by their content; `batch merge` puts ledgers together / 分片
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
}

/// Which documents are read again.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Retry {
    /// Those that failed / 失败的
    Failed,
}

/// What to do with ledgers that there are.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what a ledger has: documents, forms, findings, failures, what is left to read / 显示台账的内容
    Status {
        /// The ledger / 台账
        ledger: PathBuf,
    },
    /// Write the records of a ledger, in the order of its inputs / 导出台账中的结果
    Export {
        /// The ledger / 台账
        ledger: PathBuf,
        /// How to write the records / 输出格式
        #[arg(long, value_name = "FORMAT", default_value = "ndjson")]
        format: Format,
        /// Write to this file instead of standard output / 写到文件
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Replace a file that was not written from this ledger / 覆盖已有的输出文件
        #[arg(long, requires = "out")]
        overwrite: bool,
    },
    /// Add what ledgers have, of shards or of other archives, to one / 合并台账
    Merge {
        /// The ledger that takes it all; made where there is none / 合并到的台账
        into: PathBuf,
        /// The ledgers to add; they stay as they are / 要合并的台账
        #[arg(required = true, value_name = "LEDGER")]
        from: Vec<PathBuf>,
    },
}
