//! Tells the program which commit it is built from, where that can be known.
//!
//! In a clone, git says. Elsewhere (a published package, a tarball, no git) the version is all there is, and nothing
//! fails. `RETALLY_VERSION` is what `--version` prints; `RETALLY_COMMIT` is there only when the commit is known.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    match commit(&root) {
        Some(commit) => {
            println!("cargo:rustc-env=RETALLY_COMMIT={commit}");
            println!("cargo:rustc-env=RETALLY_VERSION={version} ({commit})");
        }
        None => println!("cargo:rustc-env=RETALLY_VERSION={version}"),
    }
}

/// The commit that is checked out in `root`. A folder that merely lies in the repository of something else has none.
fn commit(root: &Path) -> Option<String> {
    if !root.join(".git").exists() {
        return None;
    }
    let commit = git(root, &["rev-parse", "--short=10", "HEAD"])?;
    // HEAD changes when a branch is checked out, the branch's own file when something is committed to it.
    let branch = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    for name in ["HEAD", "packed-refs"].into_iter().chain(branch.as_deref()) {
        if let Some(path) = git(root, &["rev-parse", "--git-path", name]) {
            let path = root.join(path);
            // A file that is not there would have the program built anew each time.
            if path.exists() {
                println!("cargo:rerun-if-changed={}", path.display());
            }
        }
    }
    Some(commit)
}

/// What git prints, in a line; `None` when it fails, says nothing, or is not installed.
fn git(root: &Path, args: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(args).env_remove("GIT_DIR").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let text = text.trim();
    (output.status.success() && !text.is_empty()).then(|| text.to_owned())
}
